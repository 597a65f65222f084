import fs from 'node:fs'
import path from 'node:path'
import { chatAnswer } from '../helpers/answers.ts'
import { startGateway } from '../helpers/gateway-process.ts'
import { startScriptedProvider } from '../helpers/scripted-provider.ts'
import { expect, test, violations } from './rig.ts'

test('from nothing to a real answer: backend, key, model, hello', async ({ page }) => {
  const models = { json: { object: 'list', data: [{ id: 'azure-gpt-5', object: 'model' }] } }
  await using service = await startScriptedProvider((request) =>
    request.path === '/v1/models' ? models : chatAnswer({ text: 'Hello.' }),
  )
  await using gateway = await startGateway({
    control: ['--control-port', '0'],
    env: { PATCHBAY_KEYCHAIN: 'off', GEMINI_CLI_HOME: '/nonexistent' },
  })
  await page.goto(gateway.controlUrl!)
  await expect(page.getByRole('heading', { name: 'Plug in three cables' })).toBeVisible()
  await page.getByLabel('Service').selectOption('LiteLLM proxy')
  await page.getByLabel('Address').fill(`${service.url}/v1`)
  await page.getByRole('button', { name: 'Write it to the config' }).click()
  await expect(page.getByText('litellm is plugged in.')).toBeVisible()

  await page.getByLabel('Key', { exact: true }).fill('the-key-of-the-proxy')
  await page.getByRole('button', { name: 'Set key' }).click()
  await expect(page.getByText('litellm counts until Patchbay ends', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Ask the service for its models' }).click()
  await expect(page.getByLabel('Model', { exact: true })).toHaveValue('azure-gpt-5')
  await page.getByRole('button', { name: 'Use this model' }).click()
  await expect(page.getByText('litellm.azure-gpt-5 answers.')).toBeVisible()
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: 'Say hello' }).click()
  await expect(page.getByText(/^litellm\.azure-gpt-5 answered in .* The first cable is lit\.$/)).toBeVisible()
  expect(service.requests.at(-1)!.headers.authorization).toBe('Bearer the-key-of-the-proxy')
  expect(fs.readFileSync(path.join(gateway.home, 'patchbay', 'config.yaml'), 'utf8')).not.toContain(
    'the-key-of-the-proxy',
  )
  await page.getByRole('button', { name: 'Go to the overview' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeAttached()
})
