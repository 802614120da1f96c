/** Tailwind's compiler is the one PostCSS plugin; the theme stands in app/globals.css. */
export default { plugins: { "@tailwindcss/postcss": {} } };
