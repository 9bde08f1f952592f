/** What the pages tell the recorder. Types only: pages, worker and test program share them. */

/** Something that happened in a page. */
export type Happening =
  /** The page starts. */
  | { readonly kind: 'load' }
  /** The page has come back from the back/forward cache. */
  | { readonly kind: 'restored' }
  /** A handler got an event of the stream. */
  | { readonly kind: 'event'; readonly index: number; readonly offset: number }
  /** A handler got a `resynced`. */
  | { readonly kind: 'resynced'; readonly gap: boolean; readonly cause: string | null }
  /** A handler got an error. */
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  /** Another run of the hub serves this tab, or its journal is kept elsewhere. */
  | { readonly kind: 'hub'; readonly instance: string; readonly mode: 'disk' | 'memory' }
  /** The tab is attached, and the hub has a cursor: from here on every event is owed to this tab. */
  | { readonly kind: 'owed' }

/** A happening, and where it was. */
export type Report = Happening & {
  readonly tab: string
  /** One life of a document: from load to unload, the back/forward cache included. */
  readonly page: string
  /** Counts the reports of a page. */
  readonly count: number
  /** Counts the batches that a page was given. */
  readonly batch: number
}

/** What a page is told when it starts: which build of the app it is. */
export interface Setup {
  readonly build: 'one' | 'two'
}

/** How IndexedDB behaves in the worker. */
export type DiskFault = 'none' | 'fails' | 'aborts' | 'hangs'

/** What the worker is told to do. */
export type Command =
  | { readonly do: 'end' }
  | { readonly do: 'hang'; readonly ms: number }
  | { readonly do: 'disk'; readonly fault: DiskFault }
