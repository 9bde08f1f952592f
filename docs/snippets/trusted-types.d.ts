/** TypeScript's own types have no Trusted Types; `@types/trusted-types` has all of them. */
declare const trustedTypes: {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string | null }): unknown
}
