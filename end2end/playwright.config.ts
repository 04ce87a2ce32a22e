// Who runs what: `setup` makes the people that the others look at; `scripts-on` runs every file; `scripts-off` all but
// *.hydrate.spec.ts. scripts/e2e.sh starts the server on a fresh database and sets BASE_URL.
import { defineConfig } from '@playwright/test';

const baseURL = process.env.BASE_URL;
if (!baseURL) throw new Error('BASE_URL is missing: run scripts/e2e.sh, which starts a server and sets it.');

export default defineConfig({
  testDir: '.',
  outputDir: 'test-results',
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['line'], ['json', { outputFile: 'report/results.json' }]],
  use: {
    baseURL,
    locale: 'ru-RU',
    timezoneId: 'Europe/Moscow',
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    // Costs a third of the time, so only on demand.
    trace: process.env.TRACE === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      // The system's browser; without one, the one that `npx playwright install chromium` brought.
      executablePath: process.env.CHROMIUM || undefined,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'setup', testMatch: '**/cast.setup.ts', use: { javaScriptEnabled: false } },
    { name: 'scripts-on', testMatch: '**/*.spec.ts', dependencies: ['setup'] },
    { name: 'scripts-off', testMatch: '**/*.spec.ts', testIgnore: '**/*.hydrate.spec.ts', dependencies: ['setup'], use: { javaScriptEnabled: false } },
  ],
});
