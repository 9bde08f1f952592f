/** The `on.*` methods of the agent's events and the event that each one is for. */
export const eventMethods = {
  messageCreated: 'message.created',
  messageUpdated: 'message.updated',
  messageReacted: 'message.reacted',
  messageRead: 'message.read',
  threadReply: 'thread.reply',
  dmReceived: 'dm.received',
  groupDmReceived: 'group_dm.received',
  agentActive: 'agent.status.active',
  agentIdle: 'agent.status.idle',
  agentBlocked: 'agent.status.blocked',
  agentWaiting: 'agent.status.waiting',
  agentOffline: 'agent.status.offline',
  agentStatusChanged: 'agent.status.changed',
  channelCreated: 'channel.created',
  channelUpdated: 'channel.updated',
  channelArchived: 'channel.archived',
  channelMuted: 'member.channel_muted',
  channelUnmuted: 'member.channel_unmuted',
  memberJoined: 'member.joined',
  memberLeft: 'member.left',
  fileUploaded: 'file.uploaded',
  webhookReceived: 'webhook.received',
  actionInvoked: 'action.invoked',
  actionCompleted: 'action.completed',
  actionFailed: 'action.failed',
  actionDenied: 'action.denied',
  deliveryAccepted: 'delivery.accepted',
  deliveryDelivered: 'delivery.delivered',
  deliveryDeferred: 'delivery.deferred',
  deliveryFailed: 'delivery.failed',
} as const

/** The `on.*` methods and their events, as a type. */
export type EventMethods = typeof eventMethods
/** The name of an `on.*` method for an event. */
export type EventMethod = keyof EventMethods
