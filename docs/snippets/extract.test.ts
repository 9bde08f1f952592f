import { describe, expect, it } from 'vitest'
import { fileOf, snippetsOf } from './extract.mjs'

const fence = (language: string, ...lines: string[]): string => ['```' + language, ...lines, '```'].join('\n')

/** The files that a text's snippets become. */
const filesOf = (markdown: string) => snippetsOf(markdown).map(fileOf)

describe('snippets', () => {
  it('have the line that they begin at', () => {
    const markdown = [
      '# Title',
      '',
      fence('ts', 'const one = 1', 'const two = 2'),
      '',
      fence('sh', 'ls'),
    ].join('\n')
    expect(snippetsOf(markdown)).toEqual([
      { language: 'ts', code: 'const one = 1\nconst two = 2', line: 4, note: null },
      { language: 'sh', code: 'ls', line: 9, note: null },
    ])
  })

  it('lose the indentation of a list', () => {
    expect(snippetsOf('- text\n\n  ```ts\n  if (a) {\n    b()\n  }\n  ```')[0]?.code).toBe(
      'if (a) {\n  b()\n}',
    )
  })

  it('end where as many marks stand as they began with', () => {
    expect(snippetsOf('````md\n```ts\nx\n```\n````')).toMatchObject([
      { language: 'md', code: '```ts\nx\n```' },
    ])
  })

  it('without an end are named by their line', () => {
    expect(() => snippetsOf('text\n\n```ts\nconst one = 1')).toThrow('3: this fence has no end')
  })

  it('have the note of the comment before them', () => {
    const markdown = `<!-- snippet: relay -->\n\n${fence('ts', 'a')}\n\n${fence('ts', 'b')}`
    expect(snippetsOf(markdown).map(({ note }) => note)).toEqual(['relay', null])
  })

  it('have no note that text parts from them', () => {
    expect(snippetsOf(`<!-- snippet: relay -->\ntext\n${fence('ts', 'a')}`)[0]?.note).toBeNull()
  })
})

describe('a file', () => {
  it('has each line where the Markdown has it', () => {
    expect(filesOf(`# Title\n\n${fence('ts', 'const one = 1')}`)).toEqual([
      { name: 'line-4.ts', text: '\n\n\nconst one = 1' },
    ])
  })

  it.each([
    ['ts', '// src/main.ts', 'src/main.ts'],
    ['tsx', '// app.tsx: the app', 'app.tsx'],
    ['js', '// what it does', 'line-2.js'],
  ])('of %s that begins with %s is %s', (language, first, name) => {
    expect(filesOf(fence(language, first))).toMatchObject([{ name }])
  })

  it('of HTML has its scripts, in their lines', () => {
    const html = ['<p></p>', '<script src="a.js"></script>', '<script type="module">', 'run()', '</script>']
    const [file] = filesOf(fence('html', ...html))
    expect(file?.name).toBe('line-2.js')
    expect(file?.text.split('\n').indexOf('run()')).toBe(4)
  })

  it('is none where nothing is compiled', () => {
    expect(filesOf([fence('sh', 'ls'), fence('', 'x'), fence('html', '<p></p>')].join('\n'))).toEqual([
      null,
      null,
      null,
    ])
  })
})
