// Copies the Javadoc and the Dokka pages into the site, if `mvn verify` has made them.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { API } from './api.js'

const docs = import.meta.dirname
const target = join(docs, 'public', 'api')

rmSync(target, { recursive: true, force: true })
for (const { name, from } of API) {
  if (existsSync(join(docs, from))) {
    cpSync(join(docs, from), join(target, name), { recursive: true })
  } else {
    console.warn(`No ${from}: the site will not contain the API of ${name}. Run mvn -B verify first.`)
  }
}
