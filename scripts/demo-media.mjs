// Draws the pictures of the demo school and makes its film out of them: run by hand when the scenes change, from the project's folder,
// with the tools of `scripts/setup.sh test`. What it makes is the project's own, under the project's licence.
// Usage: node scripts/demo-media.mjs
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { chromium } = createRequire(new URL('../end2end/package.json', import.meta.url))('@playwright/test');
const folder = 'demo/school-photography/media';
const [WIDTH, HEIGHT, SECONDS, FADE] = [1280, 720, 7, 1];

// A head beside a window: where the light stands, how hard it is, how dark the far side.
const scenes = [
  { name: 'window-far', title: '3 метра от окна', note: 'мягко, но темно', light: [30, 38], room: '#3a3d44', skin: ['#a98468', '#7d5f49', '#4a382b'], window: 70 },
  { name: 'window-near', title: '1 метр от окна', note: 'рисунок появился', light: [24, 34], room: '#4d5058', skin: ['#f1c9a5', '#b98a66', '#3b2a1f'], window: 150 },
  { name: 'window-board', title: 'плюс белый лист', note: 'тень мягкая и светлая', light: [26, 34], room: '#575a62', skin: ['#f4d0ae', '#cf9f7b', '#8a654c'], window: 150, board: true },
  { name: 'window-behind', title: 'окно за спиной', note: 'силуэт: так не надо', light: [50, 4], room: '#6c7078', skin: ['#6b5443', '#4b392d', '#33271f'], window: 240, behind: true },
];

function picture({ title, note, light, room, skin, window, board, behind }) {
  const at = behind ? 640 - window : 90;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 1280 720">
    <defs>
      <linearGradient id="room" x1="0" x2="1"><stop offset="0" stop-color="${room}"/><stop offset="1" stop-color="#1d1f23"/></linearGradient>
      <radialGradient id="skin" cx="${light[0]}%" cy="${light[1]}%" r="85%">
        <stop offset="0" stop-color="${skin[0]}"/><stop offset=".5" stop-color="${skin[1]}"/><stop offset="1" stop-color="${skin[2]}"/>
      </radialGradient>
      <linearGradient id="cloth" x1="0" x2="1"><stop offset="0" stop-color="#5f7d8c"/><stop offset="1" stop-color="#22303a"/></linearGradient>
      <filter id="soft"><feGaussianBlur stdDeviation="26"/></filter>
    </defs>
    <rect width="1280" height="720" fill="url(#room)"/>
    <rect x="${at - 30}" y="60" width="${window * 2 + 60}" height="480" fill="#dfe9f2" opacity=".35" filter="url(#soft)"/>
    <rect x="${at}" y="90" width="${window * 2}" height="420" fill="#e9f1f8"/>
    <path d="M${at + window} 90v420M${at} 300h${window * 2}" stroke="#8d99a5" stroke-width="8"/>
    <path d="M470 720c10-130 90-180 170-180s160 50 170 180z" fill="url(#cloth)"/>
    <rect x="600" y="470" width="80" height="110" rx="36" fill="url(#skin)"/>
    <ellipse cx="640" cy="350" rx="130" ry="165" fill="url(#skin)"/>
    <path d="M508 340c-6-120 60-180 136-180s136 62 128 176c-30-50-70-88-128-92-64 4-104 40-136 96z" fill="#2c211a"/>
    <g fill="#241a14"><ellipse cx="592" cy="352" rx="11" ry="8"/><ellipse cx="690" cy="352" rx="11" ry="8"/></g>
    <path d="M640 362c-6 30-14 44-16 52 10 8 22 8 32 2" fill="none" stroke="#00000040" stroke-width="5" stroke-linecap="round"/>
    <path d="M604 448c24 16 50 16 74 0" fill="none" stroke="#5e2f28" stroke-width="7" stroke-linecap="round"/>
    ${board ? '<path d="M880 250l70 40v330l-70 20z" fill="#f6f5f1"/>' : ''}
    <rect x="0" y="610" width="1280" height="110" fill="#00000090"/>
    <text x="64" y="680" font-family="Onest" font-size="44" fill="#fff">${title}</text>
    <text x="1216" y="680" font-family="Onest" font-size="34" fill="#d5dde4" text-anchor="end">${note}</text>
  </svg>`;
}

const ffmpeg = (...options) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...options], { stdio: 'inherit' });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
const font = execFileSync('base64', ['-w0', 'public/fonts/onest-cyrillic.woff2'], { encoding: 'utf8' });
for (const scene of scenes) {
  await page.setContent(`<style>@font-face{font-family:Onest;src:url(data:font/woff2;base64,${font})}body{margin:0}</style>${picture(scene)}`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(folder, `${scene.name}.jpg`), type: 'jpeg', quality: 84 });
}
await browser.close();

// The scenes after each other, each growing out of the one before, with a quiet tone so that the film has sound.
const inputs = scenes.flatMap(({ name }) => ['-loop', '1', '-t', String(SECONDS), '-i', join(folder, `${name}.jpg`)]);
const fades = scenes.slice(1).map((_, index) => {
  const from = index === 0 ? '[0:v]' : `[f${index}]`;
  return `${from}[${index + 1}:v]xfade=transition=fade:duration=${FADE}:offset=${(index + 1) * (SECONDS - FADE)}[f${index + 1}]`;
});
const length = scenes.length * (SECONDS - FADE) + FADE;
ffmpeg(
  ...inputs, '-f', 'lavfi', '-t', String(length), '-i', 'sine=frequency=196:sample_rate=44100',
  '-filter_complex', `${fades.join(';')};[f${scenes.length - 1}]format=yuv420p[v];[${scenes.length}:a]volume=0.02[a]`,
  '-map', '[v]', '-map', '[a]', '-r', '12', '-c:v', 'libx264', '-preset', 'slow', '-crf', '26', '-tune', 'stillimage', '-c:a', 'aac', '-b:a', '32k',
  '-movflags', '+faststart', join(folder, 'window.mp4'),
);
