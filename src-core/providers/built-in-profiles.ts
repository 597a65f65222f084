import anthropic from './profiles/anthropic.json' with { type: 'json' }
import azureOpenai from './profiles/azure-openai.json' with { type: 'json' }
import deepseek from './profiles/deepseek.json' with { type: 'json' }
import demo from './profiles/demo.json' with { type: 'json' }
import gemini from './profiles/gemini.json' with { type: 'json' }
import geminiCli from './profiles/gemini-cli.json' with { type: 'json' }
import glm from './profiles/glm.json' with { type: 'json' }
import iflow from './profiles/iflow.json' with { type: 'json' }
import litellm from './profiles/litellm.json' with { type: 'json' }
import lmstudio from './profiles/lmstudio.json' with { type: 'json' }
import ollama from './profiles/ollama.json' with { type: 'json' }
import openai from './profiles/openai.json' with { type: 'json' }
import openaiCompatible from './profiles/openai-compatible.json' with { type: 'json' }
import openrouter from './profiles/openrouter.json' with { type: 'json' }
import qwen from './profiles/qwen.json' with { type: 'json' }

/** The same service, entered with an OAuth client of the user's own. */
const google = { ...gemini, id: 'google', name: 'Google, with your own OAuth client', auth: ['oauth'] }

/** Every profile that ships, in the order they are listed. One line each; tests check them all. */
export const builtInProfiles: readonly unknown[] = [
  gemini,
  google,
  openai,
  azureOpenai,
  litellm,
  openaiCompatible,
  anthropic,
  ollama,
  lmstudio,
  openrouter,
  glm,
  qwen,
  deepseek,
  geminiCli,
  iflow,
  demo,
]
