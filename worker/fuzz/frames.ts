/** What a relay may send, from sound frames to noise. Their values carry marks, so that a value that leaks is seen. */
import * as fc from 'fast-check'

/** Stands in every text and every key of ours. */
export const MARK = 'hush-hush'
/** Stands for numbers of ours. */
export const MARKED_NUMBER = 918_273_645

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type Frame = { readonly [key: string]: Json }

const ID = '0f8fad5b-d9cb-569f-a165-70867728950e'
const attachment = { file_id: MARK, filename: MARK, content_type: MARK, size_bytes: MARKED_NUMBER }
const message = { id: MARK, agent_id: MARK, agent_name: MARK, text: MARK, attachments: [attachment] }
const agent = { name: MARK }
const invocation = { invocation_id: MARK, action_name: MARK }
const delivery = { delivery_id: MARK, message_id: MARK }

/** A sound frame of every type of the contract, and of one that is not in it. */
const sound: readonly Frame[] = [
  { type: 'message.created', id: ID, channel: MARK, message },
  { type: 'message.updated', channel: MARK, message },
  { type: 'message.reacted', message_id: MARK, emoji: MARK, agent_name: MARK, action: 'removed' },
  { type: 'message.read', message_id: MARK, agent_name: MARK, read_at: MARK },
  { type: 'thread.reply', id: ID, channel: MARK, parent_id: MARK, message },
  { type: 'dm.received', id: ID, conversation_id: MARK, message },
  { type: 'group_dm.received', id: ID, conversation_id: MARK, message },
  { type: 'agent.status.active', agent, status: MARK },
  { type: 'agent.status.changed', agent, status: MARK },
  { type: 'channel.created', channel: { name: MARK, topic: null } },
  { type: 'channel.updated', channel: { name: MARK, topic: MARK } },
  { type: 'channel.archived', channel: { name: MARK } },
  { type: 'member.joined', channel: MARK, agent_name: MARK },
  { type: 'file.uploaded', file: { file_id: MARK, filename: MARK, uploaded_by: MARK } },
  {
    type: 'webhook.received',
    webhook_id: MARK,
    channel: MARK,
    message: { id: MARK, text: MARK, source: null },
  },
  {
    type: 'action.invoked',
    ...invocation,
    caller_name: MARK,
    handler_agent_id: MARK,
    input: { [MARK]: MARK },
  },
  { type: 'action.completed', ...invocation, status: MARK, output: { [MARK]: MARK }, error: null },
  { type: 'action.denied', action_name: MARK, caller_name: null, error: MARK },
  { type: 'delivery.accepted', ...delivery, channel_id: MARK },
  { type: 'delivery.deferred', ...delivery, available_at: null },
  { type: 'delivery.failed', ...delivery, retryable: true },
  { type: 'pong', sent_seq: 7, server_time: '2026-01-01T00:00:00.000Z' },
  { type: 'resync_ack', last_seen_seq: 3, current_seq: 9, replayed: 6, gap_detected: true },
  { type: 'novel.thing', [MARK]: MARK },
]

const deep = (open: string, inside: string, close: string, levels: number): string =>
  open.repeat(levels) + inside + close.repeat(levels)

/** JSON that a frame may have where something else belongs. As text, since JSON can say more than JSON.stringify. */
const hostile: readonly string[] = [
  ...'null true false 0 -0 -1 0.5 1e999 -1e999 1e308 9007199254740993 [] [[]] {} ""'.split(' '),
  ...'"__proto__" "constructor" "pong" "resynced" "error" "message.created" "message.reacted"'.split(' '),
  ...'"+275760-09-13T00:00:00.000Z" "-271821-04-20T00:00:00.000Z" "2026-01-01T00:00:00.000Z"'.split(' '),
  ...'{"__proto__":{"polluted":true}} {"constructor":{"prototype":{"polluted":true}}}'.split(' '),
  ...'{"toString":1,"valueOf":1,"toJSON":1,"hasOwnProperty":1} {"length":1e9} "\\ud800" "\\u0000"'.split(' '),
  `${MARKED_NUMBER}`,
  `"${MARK}"`,
  `{"${MARK}":1}`,
  `"${'x'.repeat(201)}"`,
  `[${Array.from({ length: 40 }, () => '{}').join()}]`,
  deep('[', '1', ']', 40),
  deep('{"message":', '1', '}', 40),
]

const names: readonly string[] = [
  ...'type id agent_seq epoch created_at server_time sent_seq replayed current_seq gap_detected'.split(' '),
  ...'channel message attachments agent action output input text'.split(' '),
  ...'__proto__ constructor prototype toString toJSON hasOwnProperty then'.split(' '),
  MARK,
]

interface Edit {
  /** Which of the places in the frame, counted through. */
  readonly at: number
  readonly key: string
  readonly value: string
  readonly how: 'replace' | 'add' | 'repeat' | 'remove'
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(30),
  key: fc.constantFrom(...names),
  value: fc.constantFrom(...hostile),
  how: fc.constantFrom('replace', 'add', 'repeat', 'remove'),
})

/** What is most likely to be believed, or to do harm, stands in the frame itself. */
const aimed: fc.Arbitrary<Edit> = fc.record({
  at: fc.constant(0),
  key: fc.constantFrom(
    ...'__proto__ type agent_seq created_at server_time sent_seq current_seq epoch'.split(' '),
  ),
  value: fc.constantFrom(...hostile),
  how: fc.constantFrom('add', 'repeat'),
})

/** Writes a value as JSON with one edit, if its place is in it. A key can so be there twice. */
const write = (value: Json, change: Edit, place: { left: number }): string => {
  const isHere = place.left-- === 0
  if (isHere && change.how === 'replace') return change.value
  if (Array.isArray(value)) return `[${value.map((item: Json) => write(item, change, place)).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(
    ([key, item]: [string, Json]) => `${JSON.stringify(key)}:${write(item, change, place)}`,
  )
  if (isHere && change.how === 'remove') fields.splice(change.at % (fields.length || 1), 1)
  if (isHere && change.how === 'add') fields.unshift(`"${change.key}":${change.value}`)
  // What is written later counts.
  if (isHere && change.how === 'repeat') fields.push(`"${change.key}":${change.value}`)
  return `{${fields.join()}}`
}

const parse = (text: string): Json | undefined => {
  try {
    // JSON gives nothing else.
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const edited = fc
  .tuple(fc.constantFrom(...sound), fc.array(fc.oneof(edit, aimed), { maxLength: 3 }), fc.option(fc.nat(99)))
  .map(([frame, edits, seq]) => {
    let text = JSON.stringify(seq === null ? frame : { ...frame, agent_seq: seq })
    for (const change of edits) {
      const value = parse(text)
      if (value !== undefined) text = write(value, change, { left: change.at })
    }
    return text
  })

const damaged = fc
  .tuple(edited, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), fc.constantFrom('', ...hostile))
  .map(([text, at, cut, inserted]) => {
    const from = Math.floor(at * text.length)
    return text.slice(0, from) + inserted + text.slice(from + cut)
  })

const noise = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
)

const noText = fc.oneof(
  fc.constantFrom(null, undefined, 7, true, {}, [], Symbol('frame')),
  fc.uint8Array().map(({ buffer }) => buffer),
)

const largeValues: readonly string[] = [
  deep('[', '1', ']', 100_000),
  deep('{"message":', '1', '}', 20_000),
  `"${MARK.repeat(116_000)}"`,
  `"${'x'.repeat(1_048_400)}"`,
  `"${'x'.repeat(1_048_577)}"`,
  `[${'1,'.repeat(200_000)}1]`,
  `{${Array.from({ length: 20_000 }, (_, index) => `"${MARK}${index}":1`).join()}}`,
]

/** Frames of about the largest length and depth. They cost too much to be tried at random, or made smaller. */
export const largeFrames: readonly string[] = largeValues.flatMap((value) => [
  `{"type":"novel.thing","agent_seq":7,"field":${value}}`,
  `{"type":${value},"agent_seq":7}`,
  `{"type":"message.created","agent_seq":7,"id":"${ID}","message":${value}}`,
  `{"type":"message.updated","agent_seq":7,"channel":"","message":{"attachments":${value}}}`,
  value,
])

/** Anything that a WebSocket may give, and more. */
export const frames: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 60, arbitrary: edited },
  { weight: 25, arbitrary: damaged },
  { weight: 12, arbitrary: noise },
  { weight: 3, arbitrary: noText },
)
