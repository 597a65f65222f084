import { z } from 'zod'
import { secretField, urlField, wholeNumber } from './fields.ts'

export const statusField = z.strictObject({
  state: z.enum(['active', 'restricted', 'retired']),
  since: z.iso.date().optional(),
  because: z.string().optional(),
  source: z.string().optional(),
})

/**
 * How one signs in at a service, as a profile or a provider writes it. Every key may be left out: a provider overrides
 * single ones of its profile's, and `oauth-settings.ts` fills in the rest.
 */
export const oauthField = z
  .strictObject({
    flow: z
      .enum(['code', 'device'])
      .describe('code (a browser comes back to this machine) or device (a code to type).'),
    authorizationUrl: urlField,
    tokenUrl: urlField,
    deviceUrl: urlField,
    revokeUrl: urlField,
    userInfoUrl: urlField,
    /** Who the service says it is: with it, identity tokens and the answer's `iss` are checked. */
    issuer: urlField,
    clientId: z.string().min(1),
    /** Instead of a client of one's own. Whoever writes it has been told what it means. */
    client: z
      .literal('installed-gemini-cli')
      .describe(
        'installed-gemini-cli signs in as the Gemini CLI that is installed here. Google forbids this to other programs and has closed accounts for it: at your own risk.',
      ),
    clientSecret: secretField,
    clientAuth: z.enum(['post', 'basic']).describe('How a client secret is sent: post (in the form) or basic.'),
    scopes: z.array(z.string().min(1)),
    pkce: z.boolean(),
    /** Where the browser comes back to. Port 0 takes any free one. */
    redirect: z
      .strictObject({ host: z.string().min(1), port: wholeNumber(0, 65_535), path: z.string().regex(/^(?:\/.*)?$/) })
      .partial(),
    /** Put into the address the browser is sent to, or into the request for a device code. */
    extraParams: z.record(z.string(), z.string()),
    /** Our name -> the service's name for fields of its token answer; names we do not know are kept as facts. */
    tokenFields: z.record(z.string(), z.string()),
    refreshMarginSeconds: wholeNumber(0).describe('How long before its end a token is refreshed, in seconds.'),
    /** key: the login ends with an API key instead of tokens. */
    yields: z.enum(['tokens', 'key']),
    /** Of the login alone, where the service's other ways in go on. */
    status: statusField,
  })
  .partial()
  .describe('How one signs in at the service; single keys take the place of the profile’s.')

export type OAuthBlock = z.output<typeof oauthField>
