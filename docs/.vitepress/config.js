import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { API } from '../api.js'

const docs = join(import.meta.dirname, '..')

const guide = [
  ['Install', 'install'],
  ['Choosing a queue', 'choosing'],
  ['The two faces', 'faces'],
  ['Cancellation and timeouts', 'cancellation'],
  ['Select', 'select'],
  ['Leases', 'leases'],
  ['Requests and replies', 'requests'],
  ['Readiness and permits', 'readiness'],
  ['Futures and callbacks', 'futures'],
  ['Channels and flows', 'channels'],
  ['Reactor, RxJava, Spring', 'streams'],
  ['Metrics', 'metrics'],
  ['Bound loops', 'bound-loops'],
  ['Android', 'android'],
  ['Shutting down', 'shutdown'],
  ['Migrating', 'migrating'],
  ['Troubleshooting', 'troubleshooting'],
].map(([text, page]) => ({ text, link: `/guide/${page}` }))

// The pages of a folder, by their file names; their titles are in the pages.
const pagesOf = (folder, wanted) =>
  readdirSync(join(docs, folder))
    .filter((file) => wanted.test(file))
    .sort()
    .map((file) => ({
      text: readFileSync(join(docs, folder, file), 'utf8').match(/^# (.*)$/m)[1].replaceAll('`', ''),
      link: `/${folder}/${file.replace(/\.md$/, '')}`,
    }))

const recipes = pagesOf('guide/recipes', /^(?!index).*\.md$/)
const decisions = pagesOf('adr', /^\d+-.*\.md$/)

const design = [
  { text: 'Architecture', link: '/architecture' },
  { text: 'Testing', link: '/testing' },
  { text: 'The proof', link: '/proof' },
  { text: 'Decisions', link: '/adr/README', collapsed: true, items: decisions },
].filter(({ link }) => existsSync(join(docs, `${link}.md`)))

// The API documentation is outside of VitePress: its links must load a new page.
const api = API.filter(({ name }) => existsSync(join(docs, 'public', 'api', name))).map(({ name, text }) => ({
  text,
  link: `/api/${name}/index.html`,
  target: '_self',
}))

export default defineConfig({
  title: 'Janus for the JVM',
  description: 'One queue with two faces: blocking for Java threads, suspending for Kotlin coroutines.',
  srcExclude: ['README.md', 'public/**'],
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide/install', activeMatch: '^/guide/' },
      { text: 'Design', items: design.map(({ text, link }) => ({ text, link })) },
      api.length === 0 ? { text: 'API', link: '/api' } : { text: 'API', items: [{ text: 'Overview', link: '/api' }, ...api] },
    ],
    sidebar: [
      { text: 'Guide', items: guide },
      { text: 'Recipes', items: [{ text: 'All recipes', link: '/guide/recipes/' }, ...recipes] },
      { text: 'Design', items: design },
      { text: 'API', items: [{ text: 'Overview', link: '/api' }, ...api] },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    footer: { message: 'Apache License 2.0' },
  },
})
