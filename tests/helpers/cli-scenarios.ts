import { expect } from 'vitest'
import type { CliOptions, CliRun } from './gemini-cli.ts'
import { easyVerdict, modelThat } from './scripted-model.ts'
import type { Answer, ProviderRequest, ScriptedProvider } from './scripted-provider.ts'

/** What came of one run of the CLI through the gateway. */
export interface Outcome {
  run: CliRun
  /** What the model behind the gateway was asked; listings of models do not count. */
  asked: ProviderRequest[]
}

/** Something a user does with the Gemini CLI, and what must come of it whatever stands behind the gateway. */
export interface Scenario {
  name: string
  cli: Pick<CliOptions, 'prompt' | 'model' | 'flags' | 'files'>
  /** The provider's own credential is a wrong one. */
  wrongKey?: boolean
  script(provider: ScriptedProvider, faults: Faults): void
  check(outcome: Outcome): void
}

/** How this kind of provider says it; what a proxy in between cannot pass on is left out. */
export interface Faults {
  rateLimit: Answer
}

const model = 'gemini-3.8-flash'
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const greeting = 'Hello from the backend, grüße 🚀.'
const hello = modelThat(() => ({ text: greeting }))

function answered({ run }: Outcome, text: string): void {
  expect(run.stdout, run.stderr).toBe(`${text}\n`)
  expect(run.exitCode).toBe(0)
}

/** One outcome of a run. */
export function outcomeOf(run: CliRun, provider: ScriptedProvider): Outcome {
  return { run, asked: provider.requests.filter((request) => request.method === 'POST') }
}

export const scenarios: Scenario[] = [
  {
    name: 'slow backend: 70 s to the first byte',
    cli: { prompt: 'say hello', model },
    script: (provider) => provider.reply((request) => ({ ...hello(request), delayMs: 70_000 })),
    check: (outcome) => {
      answered(outcome, greeting)
      expect(outcome.asked).toHaveLength(1)
      expect(outcome.run.ms).toBeGreaterThan(70_000)
    },
  },
  {
    name: 'plain answer',
    cli: { prompt: 'say hello', model },
    script: (provider) => provider.reply(hello),
    check: (outcome) => {
      answered(outcome, greeting)
      expect(outcome.asked).toHaveLength(1)
      expect(outcome.asked[0]!.body).toContain('say hello')
    },
  },
  {
    name: 'tool round trip',
    cli: { prompt: 'read the note', model, files: { 'note.txt': 'the note says 4711\n' } },
    script: (provider) =>
      provider.reply(
        modelThat(({ results }) =>
          results.length === 0
            ? { text: 'Reading.', calls: [{ id: 'call-1', name: 'read_file', args: { file_path: 'note.txt' } }] }
            : { text: ` It says ${/\d+/.exec(results.join())?.[0]}.` },
        ),
      ),
    check: (outcome) => {
      expect(outcome.run.exitCode, outcome.run.stderr).toBe(0)
      expect(outcome.run.stdout).toContain('It says 4711.')
      expect(outcome.asked).toHaveLength(2)
    },
  },
  {
    name: 'parallel tools',
    cli: { prompt: 'read both', model, files: { 'one.txt': 'first 111\n', 'two.txt': 'second 222\n' } },
    script: (provider) =>
      provider.reply(
        modelThat(({ results }) =>
          results.length === 0
            ? {
                calls: [
                  { id: 'call-1', name: 'read_file', args: { file_path: 'one.txt' } },
                  { id: 'call-2', name: 'read_file', args: { file_path: 'two.txt' } },
                ],
              }
            : { text: `They say ${results.map((result) => /\d{3}/.exec(result)?.[0]).join(' and ')}.` },
        ),
      ),
    check: (outcome) => {
      answered(outcome, 'They say 111 and 222.')
      expect(outcome.asked).toHaveLength(2)
    },
  },
  {
    name: 'image attachment',
    cli: { prompt: 'what is in @pixel.png', model, files: { 'pixel.png': Buffer.from(pixel, 'base64') } },
    script: (provider) =>
      provider.reply(modelThat(({ images }) => ({ text: images.includes(pixel) ? 'One pixel.' : 'I see no image.' }))),
    check: (outcome) => answered(outcome, 'One pixel.'),
  },
  {
    name: '--output-format json',
    cli: { prompt: 'say hello', model, flags: ['--output-format', 'json'] },
    script: (provider) => provider.reply(hello),
    check: ({ run }) => {
      expect(run.exitCode, run.stderr).toBe(0)
      const told = JSON.parse(run.stdout) as { response: string; stats: { models: Record<string, unknown> } }
      expect(told.response).toBe(greeting)
      expect(Object.values(told.stats.models)).toMatchObject([{ tokens: { prompt: 100, candidates: 20, total: 120 } }])
    },
  },
  {
    name: 'auto model: the router is asked, then the model',
    cli: { prompt: 'say hello' },
    script: (provider) => provider.reply(modelThat(({ router }) => (router ? easyVerdict : { text: greeting }))),
    check: (outcome) => {
      answered(outcome, greeting)
      expect(outcome.asked).toHaveLength(2)
    },
  },
  {
    name: '429, then success',
    cli: { prompt: 'say hello', model },
    script: (provider, faults) => {
      provider.replyOnce(faults.rateLimit)
      provider.reply(hello)
    },
    check: (outcome) => {
      answered(outcome, greeting)
      expect(outcome.asked).toHaveLength(2)
    },
  },
  {
    name: 'reset before the first token',
    cli: { prompt: 'say hello', model },
    script: (provider) => {
      provider.replyOnce({ cut: { at: 'headers', how: 'reset' } })
      provider.reply(hello)
    },
    check: (outcome) => {
      answered(outcome, greeting)
      expect(outcome.asked).toHaveLength(2)
    },
  },
  {
    name: 'wrong key: one try, and the sentence that helps',
    cli: { prompt: 'say hello', model },
    wrongKey: true,
    script: (provider) => provider.reply(hello),
    check: ({ run, asked }) => {
      expect(run.exitCode).not.toBe(0)
      expect(run.stderr).toMatch(/credential/)
      expect(run.stderr).toContain('backend')
      expect(run.stderr).toContain('PERMISSION_DENIED')
      expect(asked).toHaveLength(1)
    },
  },
]
