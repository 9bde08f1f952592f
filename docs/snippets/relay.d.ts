/** What most snippets begin with: the relay of "Start" in the README. */
// oxlint-disable-next-line typescript/consistent-type-imports -- the snippet may import the same name
declare const relay: import('tabmux').Relay
