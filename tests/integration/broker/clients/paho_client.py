"""Drives Eclipse Paho's Python client by commands, one JSON object a line (README.md beside this)."""

import json
import os
import select
import ssl
import sys
import urllib.parse

try:
    import paho.mqtt.client as mqtt
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties
    from paho.mqtt.subscribeoptions import SubscribeOptions
except ImportError:
    print(json.dumps({"event": "missing", "package": "python3-paho-mqtt"}), flush=True)
    sys.exit(0)

COMMANDS = 0  # standard input, read without a buffer that select would not see
clients = {}  # by the name that commands use


def tell(event, client, **more):
    print(json.dumps({"event": event, "client": client, **more}), flush=True)


def number(code):
    """A reason code as a number: the library gives objects in 5.0 and numbers in 3.1.1."""
    return getattr(code, "value", code)


def codes(given):
    return [number(code) for code in (given if isinstance(given, (list, tuple)) else [given])]


MESSAGE_PROPERTIES = {
    "content_type": "ContentType",
    "response_topic": "ResponseTopic",
    "message_expiry_interval": "MessageExpiryInterval",
    "payload_format_indicator": "PayloadFormatIndicator",
    "topic_alias": "TopicAlias",
}


def message_properties(command, packet_type):
    made = Properties(packet_type)
    for ours, theirs in MESSAGE_PROPERTIES.items():
        if ours in command:
            setattr(made, theirs, command[ours])
    if "correlation_data" in command:
        made.CorrelationData = bytes.fromhex(command["correlation_data"])
    for name, value in command.get("user_properties", []):
        made.UserProperty = (name, value)
    return made


def on_message(client, name, message):
    more = {}
    properties = getattr(message, "properties", None)
    if properties is not None:
        for ours, theirs in MESSAGE_PROPERTIES.items():
            if hasattr(properties, theirs):
                more[ours] = getattr(properties, theirs)
        if hasattr(properties, "CorrelationData"):
            more["correlation_data"] = properties.CorrelationData.hex()
        more["user_properties"] = [list(pair) for pair in getattr(properties, "UserProperty", [])]
        more["subscription_identifiers"] = list(getattr(properties, "SubscriptionIdentifier", []))
    tell("message", name, topic=message.topic, payload=message.payload.hex(), qos=message.qos,
         retain=bool(message.retain), **more)


def on_connect(client, name, flags, reason, properties=None):
    more = {}
    if properties is not None and hasattr(properties, "AssignedClientIdentifier"):
        more["assigned"] = properties.AssignedClientIdentifier
    tell("connack", name, reason=number(reason), session_present=bool(flags["session present"]),
         **more)


def on_disconnect(client, name, reason, properties=None):
    clients.pop(name, None)
    tell("closed", name, reason=number(reason))


def on_subscribe(client, name, mid, granted, properties=None):
    tell("suback", name, codes=codes(granted))


def on_unsubscribe(client, name, mid, properties=None, reasons=()):
    tell("unsuback", name, codes=codes(reasons))


def make_client(command, url):
    extra = {}
    if hasattr(mqtt, "CallbackAPIVersion"):  # release 2 asks which form of callbacks is meant
        extra["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
    if command["version"] != 5:
        extra["clean_session"] = command["clean"]
    client = mqtt.Client(
        client_id=command["client_id"], userdata=command["client"],
        protocol=mqtt.MQTTv5 if command["version"] == 5 else mqtt.MQTTv311,
        transport="websockets" if url.scheme in ("ws", "wss") else "tcp", **extra)
    client.on_connect = on_connect
    client.on_disconnect = on_disconnect
    client.on_message = on_message
    client.on_subscribe = on_subscribe
    client.on_unsubscribe = on_unsubscribe
    client.on_publish = lambda _, name, mid: tell("published", name)
    if url.scheme in ("mqtts", "wss"):
        client.tls_set(ca_certs=command["ca_file"], cert_reqs=ssl.CERT_REQUIRED)
    if url.scheme in ("ws", "wss"):
        client.ws_set_options(path=url.path)
    if "user_name" in command:
        client.username_pw_set(command["user_name"], command["password"])
    if "will" in command:
        will = command["will"]
        properties = None
        if command["version"] == 5:
            properties = message_properties(will, PacketTypes.WILLMESSAGE)
        client.will_set(will["topic"], bytes.fromhex(will["payload"]), will["qos"], will["retain"],
                        properties)
    return client


def connect(command):
    url = urllib.parse.urlsplit(command["url"])
    client = make_client(command, url)
    more = {}
    if command["version"] == 5:
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = command.get("session_expiry_interval", 0)
        more = {"clean_start": command["clean"], "properties": properties}
    try:
        client.connect(url.hostname, url.port, keepalive=60, **more)
    except (OSError, mqtt.WebsocketConnectionError) as error:
        tell("failed", command["client"], why=str(error))
        return
    clients[command["client"]] = client


def subscribe(client, command):
    if command["version"] != 5:
        client.subscribe([(each["filter"], each["qos"]) for each in command["filters"]])
        return
    properties = Properties(PacketTypes.SUBSCRIBE)
    if "subscription_identifier" in command:
        properties.SubscriptionIdentifier = command["subscription_identifier"]
    client.subscribe(
        [(each["filter"],
          SubscribeOptions(each["qos"], each.get("no_local", False),
                           each.get("retain_as_published", False),
                           each.get("retain_handling", 0)))
         for each in command["filters"]], properties=properties)


def publish(client, command):
    properties = None
    if command["version"] == 5:
        properties = message_properties(command, PacketTypes.PUBLISH)
    client.publish(command["topic"], bytes.fromhex(command["payload"]), command["qos"],
                   command["retain"], properties)


def obey(line):
    command = json.loads(line)
    verb = command["do"]
    if verb == "connect":
        connect(command)
        return
    client = clients.get(command["client"])
    if client is None:
        tell("failed", command["client"], why="is not connected")
    elif verb == "subscribe":
        subscribe(client, command)
    elif verb == "unsubscribe":
        client.unsubscribe(command["filters"])
    elif verb == "publish":
        publish(client, command)
    elif verb == "disconnect":
        client.disconnect()


def serve_clients():
    """One turn of the library's loop for every client, without threads."""
    with_socket = [client for client in clients.values() if client.socket() is not None]
    # A TLS or WebSocket layer may hold bytes that the descriptor shows no more.
    holding = [client for client in with_socket
               if hasattr(client.socket(), "pending") and client.socket().pending() > 0]
    by_socket = {client.socket(): client for client in with_socket}
    writing = [sock for sock, client in by_socket.items() if client.want_write()]
    readable, writable, _ = select.select([COMMANDS, *by_socket], writing, [],
                                          0 if holding else 1)
    for sock in writable:
        by_socket[sock].loop_write()
    for client in dict.fromkeys([*holding, *(by_socket[s] for s in readable if s in by_socket)]):
        client.loop_read()
    for client in with_socket:
        client.loop_misc()
    return COMMANDS in readable


print(json.dumps({"event": "ready"}), flush=True)
begun = b""  # a command of which not all has come
while True:
    if not serve_clients():
        continue
    chunk = os.read(COMMANDS, 65536)
    if not chunk:
        break
    *lines, begun = (begun + chunk).split(b"\n")
    for each in lines:
        obey(each)
