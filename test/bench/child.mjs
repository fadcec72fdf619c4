// @ts-check
// node child.mjs <file> <options as JSON>: measures in this process and hands the figures to the parent.
const [file = '', options = '{}'] = process.argv.slice(2);
const { measure } = await import(new URL(file, import.meta.url).href);
const figures = await measure(JSON.parse(options));
process.send?.(figures, () => process.exit(0));
