/** A small page of ours without scripts, light or dark as the system is. `body` is HTML; escape what goes into it. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · Plumbline</title>
<style>
:root { color-scheme: light dark; --text: light-dark(#1c2024, #eceef0); --soft: light-dark(#5b636b, #a5adb5);
  --line: light-dark(#dfe3e6, #33383d); --back: light-dark(#fff, #16191c); --code: light-dark(#f3f5f6, #202428);
  --link: light-dark(#0b5cad, #7ab8ff); }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 4rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { margin: 1.75rem 0 .25rem; font-size: 1rem; } a { color: var(--link); } p { margin: .4rem 0; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; background: var(--code); border-radius: 4px; }
code { padding: .1em .3em; overflow-wrap: anywhere; } pre { padding: .75rem; overflow-x: auto; }
pre code { padding: 0; } .soft { color: var(--soft); } .scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
summary { cursor: pointer; color: var(--soft); } nav ul { columns: 16rem; padding-left: 1.1rem; }
</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
