import {defineConfig} from 'vite';

// One classic script, for it stands inside a page that is opened from a disk.
export default defineConfig({
  build: {
    target: 'es2021',
    lib: {entry: 'src/main.ts', formats: ['iife'], name: 'sluice', fileName: () => 'page.js'},
  },
});
