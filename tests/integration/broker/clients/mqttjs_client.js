// Drives MQTT.js by commands, one JSON object a line (README.md beside this).

'use strict';

const fs = require('fs');
const readline = require('readline');

function tell(event, client, more) {
  process.stdout.write(JSON.stringify({ event, client, ...more }) + '\n');
}

let mqtt;
try {
  mqtt = require('mqtt');
} catch (error) {
  tell('missing', undefined, { package: 'node-mqtt' });
  process.exit(0);
}

const clients = new Map(); // by the name that commands use

function pairs(userProperties) {
  const all = [];
  for (const [name, values] of Object.entries(userProperties || {})) {
    for (const value of [].concat(values)) all.push([name, value]);
  }
  return all;
}

// The properties of a message as MQTT.js wants them; 3.1.1 has none.
function messageProperties(command) {
  if (command.version !== 5) return undefined;
  const made = {
    contentType: command.content_type,
    responseTopic: command.response_topic,
    messageExpiryInterval: command.message_expiry_interval,
    topicAlias: command.topic_alias,
  };
  if ('payload_format_indicator' in command) {
    made.payloadFormatIndicator = command.payload_format_indicator === 1;
  }
  if ('correlation_data' in command) {
    made.correlationData = Buffer.from(command.correlation_data, 'hex');
  }
  if ('user_properties' in command) {
    made.userProperties = {};
    for (const [name, value] of command.user_properties) {
      made.userProperties[name] = (made.userProperties[name] || []).concat(value);
    }
  }
  return Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined));
}

function tellMessage(name, topic, payload, packet) {
  const given = packet.properties || {};
  tell('message', name, {
    topic,
    payload: payload.toString('hex'),
    qos: packet.qos,
    retain: packet.retain,
    content_type: given.contentType,
    response_topic: given.responseTopic,
    message_expiry_interval: given.messageExpiryInterval,
    payload_format_indicator:
      given.payloadFormatIndicator === undefined ? undefined : Number(given.payloadFormatIndicator),
    correlation_data: given.correlationData && given.correlationData.toString('hex'),
    user_properties: pairs(given.userProperties),
    subscription_identifiers: [].concat(given.subscriptionIdentifier || []),
  });
}

function tellPacket(name, packet) {
  if (packet.cmd === 'connack') {
    const given = packet.properties || {};
    tell('connack', name, {
      reason: packet.reasonCode === undefined ? packet.returnCode : packet.reasonCode,
      session_present: packet.sessionPresent,
      assigned: given.assignedClientIdentifier,
    });
  } else if (packet.cmd === 'suback') {
    tell('suback', name, { codes: packet.granted });
  } else if (packet.cmd === 'unsuback') {
    tell('unsuback', name, { codes: packet.granted || [] });
  } else if (packet.cmd === 'disconnect') {
    clients.get(name).reason = packet.reasonCode;
  }
}

function connect(command) {
  const name = command.client;
  const options = {
    protocolVersion: command.version,
    clientId: command.client_id,
    clean: command.clean,
    reconnectPeriod: 0,
    resubscribe: false,
    username: command.user_name,
    password: command.password,
    rejectUnauthorized: true,
  };
  if (command.ca_file) options.ca = [fs.readFileSync(command.ca_file)];
  if (command.version === 5) {
    options.properties = { sessionExpiryInterval: command.session_expiry_interval || 0 };
  }
  if (command.will) {
    options.will = { ...command.will, payload: Buffer.from(command.will.payload, 'hex') };
    options.will.properties = messageProperties({ ...command.will, version: command.version });
  }
  const client = mqtt.connect(command.url, options);
  clients.set(name, client);
  client.on('packetreceive', (packet) => tellPacket(name, packet));
  client.on('message', (topic, payload, packet) => tellMessage(name, topic, payload, packet));
  client.on('error', (error) => tell('failed', name, { why: String(error.message || error) }));
  client.on('close', () => tell('closed', name, { reason: client.reason || 0 }));
}

function subscribe(client, command) {
  const filters = {};
  for (const each of command.filters) {
    filters[each.filter] = {
      qos: each.qos,
      nl: each.no_local || false,
      rap: each.retain_as_published || false,
      rh: each.retain_handling || 0,
    };
  }
  const options = {};
  if (command.subscription_identifier) {
    options.properties = { subscriptionIdentifier: command.subscription_identifier };
  }
  client.subscribe(filters, options);
}

function publish(client, command) {
  const options = { qos: command.qos, retain: command.retain };
  if (command.version === 5) options.properties = messageProperties(command);
  client.publish(command.topic, Buffer.from(command.payload, 'hex'), options, (error) =>
    tell('published', command.client, { reason: error ? error.code : 0 }));
}

function obey(command) {
  if (command.do === 'connect') return connect(command);
  const client = clients.get(command.client);
  if (!client) return tell('failed', command.client, { why: 'is not connected' });
  switch (command.do) {
    case 'subscribe': return subscribe(client, command);
    case 'unsubscribe': return client.unsubscribe(command.filters);
    case 'publish': return publish(client, command);
    case 'disconnect': return client.end();
  }
}

tell('ready');
readline.createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line)))
  .on('close', () => process.exit(0));
