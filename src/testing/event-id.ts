import { createHash } from 'node:crypto'

/** Any fixed UUID will do: it keeps these ids apart from other version 5 ids of the same names. */
const NAMESPACE = Buffer.from('6f1c5d0e7b5a4f0c9a53d2c4f3b0e871', 'hex')

/**
 * The event id of a message: an RFC 9562 version 5 UUID of the message's id, so that it is the same whenever
 * the event is sent. `PROTOCOL.md`, "Every event".
 */
export const eventIdOf = (messageId: string): string => {
  const bytes = createHash('sha1').update(NAMESPACE).update(messageId).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
