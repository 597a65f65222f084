import type { Answer } from '../../helpers/scripted-provider.ts'

/** What search services answer, in the shapes they were recorded in; two pages each, the second behind a marked-up title. */

const first = 'https://example.org/first?a=1'
const second = 'https://example.com/second'

export const glmChat: Answer = {
  json: {
    id: '2026112600',
    created: 1795600000,
    model: 'glm-4.7',
    request_id: 'r-1',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Two pages tell of it.' } }],
    usage: { prompt_tokens: 900, completion_tokens: 12, total_tokens: 912 },
    web_search: [
      {
        refer: 'ref_1',
        title: 'First page',
        link: first,
        media: 'Example',
        content: 'What the first says.',
        publish_date: '2026-11-20',
        icon: 'https://example.org/i.png',
      },
      { refer: 'ref_2', title: '<b>Second</b> page', link: second, content: 'R&amp;D says the second.' },
    ],
  },
}

export const glmSearch: Answer = {
  json: {
    id: 's-1',
    created: 1795600000,
    request_id: 'r-2',
    search_intent: [{ query: 'q', intent: 'SEARCH_NONE', keywords: '' }],
    search_result: [
      { refer: 'ref_1', title: 'First page', link: first, media: 'Example', content: 'What the first says.' },
      { refer: 'ref_2', title: 'Second page', link: second, content: 'What the second says.' },
    ],
  },
}

/** Offsets are UTF-8 bytes: the first sentence has 20 characters and 24 bytes. */
export const gemini: Answer = {
  json: {
    candidates: [
      {
        index: 0,
        finishReason: 'STOP',
        content: { role: 'model', parts: [{ text: 'Žluťoučký kůň běžel. And then it rested.' }] },
        groundingMetadata: {
          webSearchQueries: ['kůň'],
          searchEntryPoint: { renderedContent: '<div class="chip"></div>' },
          groundingChunks: [
            {
              web: { uri: 'https://vertexaisearch.cloud.google.com/grounding-api-redirect/AAA', title: 'example.org' },
            },
            {
              web: { uri: 'https://vertexaisearch.cloud.google.com/grounding-api-redirect/BBB', title: 'example.com' },
            },
          ],
          groundingSupports: [
            { segment: { startIndex: 0, endIndex: 28, text: 'Žluťoučký kůň běžel.' }, groundingChunkIndices: [0, 1] },
            { segment: { startIndex: 29, endIndex: 48, text: 'And then it rested.' }, groundingChunkIndices: [1] },
          ],
        },
      },
    ],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 9, totalTokenCount: 19 },
    modelVersion: 'gemini-3.5-flash',
  },
}

const said = 'It was released in May ([example.org](https://example.org/first?a=1)).\nIt has two parts.'
export const chat: Answer = {
  json: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1795600000,
    model: 'gpt-5-search-api',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: {
          role: 'assistant',
          content: said,
          annotations: [
            {
              type: 'url_citation',
              url_citation: { start_index: 23, end_index: 68, title: 'First page', url: first },
            },
          ],
        },
      },
    ],
    usage: { prompt_tokens: 8, completion_tokens: 20, total_tokens: 28 },
  },
}

export const brave: Answer = {
  json: {
    type: 'search',
    query: { original: 'q', more_results_available: true },
    web: {
      type: 'search',
      results: [
        {
          title: 'First page',
          url: first,
          description: 'What the <strong>first</strong> says &amp; does',
          age: '2 days ago',
          page_age: '2026-11-24T08:00:00',
          profile: { name: 'Example', long_name: 'example.org' },
          meta_url: { hostname: 'example.org' },
          extra_snippets: ['More of it.'],
        },
        {
          title: 'Second page',
          url: second,
          description: 'What the second says.',
          meta_url: { hostname: 'example.com' },
        },
      ],
    },
  },
}

export const tavily: Answer = {
  json: {
    query: 'q',
    follow_up_questions: null,
    answer: 'It is so.',
    images: [],
    results: [
      { title: 'First page', url: first, content: 'What the first says.', score: 0.97, raw_content: null },
      { title: 'Second page', url: second, content: 'What the second says.', score: 0.8, published_date: '2026-11-01' },
    ],
    response_time: 1.1,
    request_id: 'r-3',
  },
}

export const searxng: Answer = {
  json: {
    query: 'q',
    number_of_results: 0,
    results: [
      { url: first, title: 'First page', content: 'What the first says.', engine: 'duckduckgo', publishedDate: null },
      {
        url: second,
        title: 'Second page',
        content: 'What the second says.',
        engine: 'bing',
        publishedDate: '2026-11-01T00:00:00',
      },
    ],
    answers: [{ answer: 'It is so.', url: null, engine: 'x' }],
    suggestions: [],
    unresponsive_engines: [['google', 'Suspended: CAPTCHA']],
  },
}
