// Runs Aedes until SIGTERM. Arguments: the ports for TCP, WebSocket and guarded clients, and the guarded listener's user,
// password and denied topic. It keeps everything in memory.

import net from 'node:net'
import http from 'node:http'
import { Aedes } from 'aedes'
import { WebSocketServer, createWebSocketStream } from 'ws'

const [port, wsPort, guardedPort, user, password, deniedTopic] = process.argv.slice(2)
const broker = await Aedes.createBroker()

const isGuarded = (client) => client?.conn?.localPort === Number(guardedPort)

broker.authenticate = (client, name, secret, done) => {
  if (!isGuarded(client) || (name === user && secret?.toString() === password)) return done(null, true)
  done(Object.assign(new Error('unknown user'), { returnCode: 4 }), false)
}

const isDenied = (client, topic) => isGuarded(client) && topic === deniedTopic

broker.authorizePublish = (client, packet, done) =>
  done(isDenied(client, packet.topic) ? new Error('denied') : null)

broker.authorizeSubscribe = (client, subscription, done) =>
  done(null, isDenied(client, subscription.topic) ? null : subscription)

const host = '127.0.0.1'
net.createServer(broker.handle).listen(port, host)
net.createServer(broker.handle).listen(guardedPort, host)
const web = http.createServer()
new WebSocketServer({ server: web, handleProtocols: (offered) => offered.has('mqtt') && 'mqtt' })
  .on('connection', (socket, request) => broker.handle(createWebSocketStream(socket), request))
web.listen(wsPort, host)
process.on('SIGTERM', () => process.exit(0))
