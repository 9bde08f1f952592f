/** What most snippets begin with: the relay of "Start" in the README. */
declare const relay: import('tabmux').Relay
