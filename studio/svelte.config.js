// Svelte's own settings, read by vite and by svelte-check.

export default { compilerOptions: { runes: true } };
