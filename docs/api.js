// The API documentation that the site contains, where the build has made it.
export const API = [
  { name: 'janus-core', text: 'janus-core (Javadoc)', from: '../janus-core/target/reports/apidocs' },
  { name: 'janus-kotlin-ext', text: 'janus-kotlin-ext (KDoc)', from: '../janus-kotlin-ext/target/dokka' },
]
