// A whole Bluesky network in one process, bound to loopback, until SIGTERM or the time given.
import net from 'node:net'

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...given) {
  const [first] = given
  if (first !== null && typeof first === 'object' && 'port' in first) {
    given[0] = { ...first, host: '127.0.0.1' }
  } else if (/^\d+$/.test(String(first)) && typeof given[1] !== 'string') {
    given.splice(1, 0, '127.0.0.1')
  }
  return listen.apply(this, given)
}

const { TestNetwork } = await import('@atproto/dev-env')
const port = (name) => Number(process.env[`LUISTER_${name}_PORT`])
const network = await TestNetwork.create({
  plc: { port: port('PLC') },
  pds: { port: port('PDS'), hostname: 'localhost', enableDidDocWithSession: true },
  bsky: {
    port: port('APPVIEW'),
    publicUrl: `http://localhost:${port('APPVIEW')}`,
    dbPostgresSchema: 'bsky',
  },
  ozone: { port: port('OZONE'), chatUrl: 'http://localhost:1', chatDid: 'did:example:chat' },
  introspect: { port: port('INTROSPECT') },
})
console.log('READY')

const stop = async () => {
  await network.close()
  process.exit(0)
}
process.on('SIGTERM', stop)
setTimeout(stop, 30 * 60 * 1000)
