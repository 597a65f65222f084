import type { AnswerOf, CallName } from '../../src-core/control/contract.ts'
import type { GatewayProcess } from './gateway-process.ts'

/** A control call over HTTP, as a script makes it. */
export async function callControl<Name extends CallName>(
  { controlUrl }: Pick<GatewayProcess, 'controlUrl'>,
  name: Name,
  input: object = {},
): Promise<{ status: number; text: string; answer: AnswerOf<Name> }> {
  const { origin, searchParams } = new URL(controlUrl!)
  const response = await fetch(`${origin}/api/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${searchParams.get('token')}` },
    body: JSON.stringify(input),
  })
  const text = await response.text()
  return { status: response.status, text, answer: JSON.parse(text) }
}
