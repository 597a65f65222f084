import { describe, expect, test } from 'vitest'
import { cleanAnswer, hitCount } from '../../../src-core/web-search/clean-answer.ts'
import { plainText } from '../../../src-core/web-search/plain-text.ts'

const page = (url: unknown, more: object = {}) => ({ url: url as string, title: 'T', snippet: 's', ...more })
const urls = (pages: object[], count?: number) => cleanAnswer({ pages }, hitCount(count)).hits.map(({ url }) => url)

describe('WS14: only what one can follow, and may', () => {
  test.each([
    ['https', 'https://example.org/a b', ['https://example.org/a%20b']],
    ['http', 'http://example.org', ['http://example.org/']],
    ['none', undefined, []],
    ['an empty one', '', []],
    ['a number', 5, []],
    ['no URL', 'example.org', []],
    ['javascript', 'javascript:alert(1)', []],
    ['javascript behind white space', ' \njavascript:alert(1)', []],
    ['data', 'data:text/html,<script>alert(1)</script>', []],
    ['file', 'file:///etc/passwd', []],
    ['a name and a password', 'https://user:pass@example.org/', []],
    ['too long', `https://example.org/${'x'.repeat(3000)}`, []],
  ])('%s', (_name, url, expected) => {
    expect(urls([page(url)])).toEqual(expected)
  })

  test('the same page once', () => {
    expect(urls([page('https://a.example'), page('https://a.example/'), page('https://b.example')])).toEqual([
      'https://a.example/',
      'https://b.example/',
    ])
  })
})

describe('the count', () => {
  const many = Array.from({ length: 80 }, (_, index) => page(`https://example.org/${index}`))

  test.each([
    [undefined, 10],
    [1, 1],
    [25, 25],
    [50, 50],
    [500, 50],
    [0, 1],
    [-3, 1],
    [2.7, 2],
  ])('%s gives %i', (count, expected) => {
    expect(urls(many, count)).toHaveLength(expected)
  })

  test('is of pages that are left, not of those that were brought', () => {
    expect(
      urls([page('javascript:x'), page('https://a.example'), page(''), page('https://b.example')], 2),
    ).toHaveLength(2)
  })
})

test('text has an end, for each page and for all together', () => {
  const long = 'word '.repeat(100_000)
  const pages = Array.from({ length: 50 }, (_, index) =>
    page(`https://example.org/${index}`, { title: long, snippet: long }),
  )
  const { summary, hits } = cleanAnswer({ summary: long, pages }, 50)
  expect(summary.length).toBeLessThanOrEqual(8000)
  expect(hits.length).toBeGreaterThan(5)
  for (const { title, snippet } of hits) {
    expect(title.length).toBeLessThanOrEqual(300)
    expect(snippet.length).toBeLessThanOrEqual(1500)
  }
  expect(JSON.stringify(hits).length).toBeLessThan(30_000)
})

test('what is no text is left out, and a page without a title is named by its host', () => {
  const [hit] = cleanAnswer(
    {
      pages: [{ url: 'https://example.org/x', title: null, snippet: { a: 1 }, date: 2026 }],
    },
    10,
  ).hits
  expect(hit).toEqual({ title: 'example.org', url: 'https://example.org/x', snippet: '', date: '2026' })
})

describe('plain text', () => {
  test.each([
    ['tags', 'a <strong class="x">b</strong><br/>c', 'a b c'],
    ['a script with what it holds', 'a<script>alert(1)</script>b', 'a b'],
    ['a comment', 'a<!-- hidden -->b', 'a b'],
    ['no tag at all', '1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['a tag that never ends', 'a <img src=x onerror=', 'a <img src=x onerror='],
    ['entities', 'R&amp;D &lt;b&gt; &#39;x&#x27; &hellip; &unknown;', "R&D <b> 'x' … &unknown;"],
    ['an entity no character has', '&#1114112;&#0;', '&#1114112;&#0;'],
    ['half a pair', 'a&#xD800;b', 'a\uFFFDb'],
    ['white space and lines', ' a \t b\n\n\n c ', 'a b\nc'],
    ['hidden words', 'a\u{E0041}\u{E0042}b\u202Ec\u200Bd\u0007e', 'abcde'],
    ['an emoji of several', '👩‍👩‍👧 ok', '👩‍👩‍👧 ok'],
  ])('%s', (_name, text, expected) => {
    expect(plainText(text, 1000)).toBe(expected)
  })

  test('a cut never halves a character', () => {
    expect(plainText('ab😀😀', 4)).toBe('ab…')
    expect(plainText('abcd', 4)).toBe('abcd')
  })

  test.each(['<', '<!--', '&#', '<script>', '\n ', '<a'])('a megabyte of %j comes to an end', (piece) => {
    expect(plainText(piece.repeat(1_000_000 / piece.length), 8000).length).toBeLessThanOrEqual(8000)
  })
})
