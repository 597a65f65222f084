import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The window's build, and `npm run dev` for working on it: then calls go on to a gateway that is already running. */
export default defineConfig({
  plugins: [react()],
  base: './',
  build: {
    target: 'chrome120',
    emptyOutDir: true,
    // what is inlined as data: would need a wider content security policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    port: 4143,
    strictPort: true,
    proxy: {
      '/api': {
        target: process.env.PATCHBAY_CONTROL ?? 'http://127.0.0.1:4142',
        // the control port answers pages of its own address only
        headers: { host: new URL(process.env.PATCHBAY_CONTROL ?? 'http://127.0.0.1:4142').host },
        configure: (proxy) => proxy.on('proxyReq', (request) => request.removeHeader('origin')),
      },
    },
  },
})
