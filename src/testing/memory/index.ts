/** `tabmux/testing/memory`: a relay for unit tests, without a browser. */
export {
  createTestRelay,
  type TestMessage,
  type TestRelay,
  type TestRelayOptions,
  type TestTabOptions,
} from './test-relay.js'
