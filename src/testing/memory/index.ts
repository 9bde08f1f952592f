/**
 * A relay for unit tests, without a browser: {@link createTestRelay}.
 * @module
 */
export {
  createTestRelay,
  type TestMessage,
  type TestRelay,
  type TestRelayOptions,
  type TestTabOptions,
} from './test-relay.js'
