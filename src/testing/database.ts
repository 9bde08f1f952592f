import Libsql from 'libsql'
import { RelayError } from './errors.js'

/** A value that SQLite stores. */
type SqlValue = string | number | null

/** The few things that the relay asks of SQLite. */
export interface Database {
  /** A statement that gives rows. `Row` must name the columns of its `SELECT`. */
  rows<Row>(sql: string): (...values: SqlValue[]) => Row[]
  /** A statement that gives the number of rows that it changed. */
  change(sql: string): (...values: SqlValue[]) => number
  close(): void
}

/** Times are milliseconds since 1970; `seq` keeps the order in which rows came. */
const schema = `
  CREATE TABLE IF NOT EXISTS agents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, token TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS channels (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    channel_id TEXT NOT NULL REFERENCES channels, agent_id TEXT NOT NULL REFERENCES agents,
    parent_id TEXT REFERENCES messages (id), text TEXT NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS dms (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation_id TEXT NOT NULL,
    agent_id TEXT NOT NULL REFERENCES agents, receiver_id TEXT NOT NULL REFERENCES agents,
    text TEXT NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS reactions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    message_id TEXT NOT NULL REFERENCES messages (id), agent_id TEXT NOT NULL REFERENCES agents,
    emoji TEXT NOT NULL, created_at INTEGER NOT NULL,
    UNIQUE (message_id, agent_id, emoji)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS replies ON messages (parent_id);
`

/**
 * Opens a database, and makes its tables if they are not there.
 *
 * @throws RelayError `database_unavailable` if the file cannot be opened or is no database.
 */
export const openDatabase = (path: string): Database => {
  let database: Libsql.Database
  try {
    database = new Libsql(path)
    // A commit per message without the wait for the disk; a crash of the process loses nothing by it.
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.exec(schema)
  } catch (cause) {
    const message = `database: expected ':memory:' or the path of a database file, got ${path}: ${String(cause)}`
    throw new RelayError('database_unavailable', message, { cause })
  }
  return {
    rows: <Row>(sql: string) => {
      const statement = database.prepare(sql)
      // SQLite knows no types at compile time; each SELECT stands beside the type of its row.
      return (...values: SqlValue[]) => statement.all(...values) as Row[]
    },
    change: (sql) => {
      const statement = database.prepare(sql)
      return (...values) => statement.run(...values).changes
    },
    close: () => void database.close(),
  }
}
