/**
 * What the simulation has found: each is the smallest scenario that showed a fault of the hub. The last ones are what
 * seeds seldom show. They are kept as values, since a seed means another scenario as soon as the steps change.
 */
import type { Scenario } from './scenario.js'

const relay = { ringSize: 20, replayLimit: 200, optionalFields: true, skew: 0 }

/** See the head of this file. */
export const found: Readonly<Record<string, Scenario>> = {
  'a head that no hub has written': {
    relay,
    noise: 0,
    steps: [
      ['kill the worker', 0, 0],
      ['garble the head', 19, 0],
    ],
  },
  'the counter starts again while the relay does not finish its answer': {
    relay: { ...relay, ringSize: 14 },
    noise: 26_566,
    steps: [
      ['emit', 7, 0],
      ['emit', 9, 0],
      ['forget an ack', 0, 0],
      ['restart the relay', 0, 400],
      ['emit', 10, 0],
    ],
  },
  'an event comes after its turn, and the socket dies before the relay has answered': {
    relay: { ...relay, optionalFields: false },
    noise: 16_563,
    steps: [
      ['send one late', 141, 0],
      ['forget an ack', 0, 0],
      ['emit', 0, 1_500],
      ['cut', 0, 0],
    ],
  },
  'the counter starts again, the socket dies, and the relay does not finish its next answer': {
    relay,
    noise: 34_266,
    steps: [
      ['emit many', 0, 0],
      ['forget an ack', 0, 0],
      ['restart the relay', 0, 0],
      ['emit', 0, 1_500],
      ['forget an ack', 0, 0],
      ['emit', 0, 0],
      ['cut', 0, 400],
    ],
  },
  'a tab that is further behind than the journal reaches': {
    relay,
    noise: 0,
    steps: [
      ['emit', 0, 100],
      ['freeze a tab', 0, 0],
      ['emit more than is kept', 300, 8_000],
      ['emit', 0, 8_000],
      ['kill the worker', 0, 400],
    ],
  },
  'events come before the first socket of a hub that has lost its journal': {
    relay: { ...relay, optionalFields: false },
    noise: 0,
    steps: [
      ['disk hangs', 0, 0],
      ['emit', 0, 1_500],
      ['stop the worker', 0, 0],
      ['refuse', 0, 0],
      ['reload a tab', 0, 8_000],
      ['emit', 0, 0],
    ],
  },
  'a group that no hub has written': {
    relay: { ...relay, ringSize: 5, optionalFields: false },
    noise: 0,
    steps: [
      ['emit', 0, 8_000],
      ['garble a group', 0, 0],
      ['stop the worker', 0, 0],
      ['emit many', 0, 0],
    ],
  },
}
