// Drives Eclipse Paho's Go client, which speaks MQTT 3.1.1, by commands, one JSON object a line (README.md one folder up).
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

type message struct {
	Topic   string `json:"topic"`
	Payload string `json:"payload"`
	Qos     byte   `json:"qos"`
	Retain  bool   `json:"retain"`
}

type command struct {
	Do       string   `json:"do"`
	Client   string   `json:"client"`
	URL      string   `json:"url"`
	CaFile   string   `json:"ca_file"`
	ClientID string   `json:"client_id"`
	Clean    bool     `json:"clean"`
	UserName string   `json:"user_name"`
	Password string   `json:"password"`
	Will     *message `json:"will"`
	message
	Filters json.RawMessage `json:"filters"`
}

type fields map[string]interface{}

var (
	oneAtATime sync.Mutex
	clients    = map[string]mqtt.Client{} // by the name that commands use
)

func tell(event, client string, more fields) {
	line := fields{"event": event}
	if client != "" {
		line["client"] = client
	}
	for key, value := range more {
		line[key] = value
	}
	text, _ := json.Marshal(line)
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	os.Stdout.Write(append(text, '\n'))
}

func onMessage(name string) mqtt.MessageHandler {
	return func(_ mqtt.Client, seen mqtt.Message) {
		tell("message", name, fields{"topic": seen.Topic(), "payload": hex.EncodeToString(seen.Payload()),
			"qos": seen.Qos(), "retain": seen.Retained()})
	}
}

func trusting(caFile string) *tls.Config {
	pem, _ := os.ReadFile(caFile)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return &tls.Config{RootCAs: pool}
}

func connect(what command) {
	schemes := map[string]string{"mqtt": "tcp", "mqtts": "ssl", "ws": "ws", "wss": "wss"}
	scheme, rest, _ := strings.Cut(what.URL, "://")
	options := mqtt.NewClientOptions().AddBroker(schemes[scheme] + "://" + rest).
		SetProtocolVersion(4).SetClientID(what.ClientID).SetCleanSession(what.Clean).
		SetAutoReconnect(false).SetConnectRetry(false).SetConnectTimeout(10 * time.Second).
		SetUsername(what.UserName).SetPassword(what.Password).
		SetDefaultPublishHandler(onMessage(what.Client)).
		SetConnectionLostHandler(func(mqtt.Client, error) { tell("closed", what.Client, fields{"reason": 0}) })
	if what.CaFile != "" {
		options.SetTLSConfig(trusting(what.CaFile))
	}
	if what.Will != nil {
		payload, _ := hex.DecodeString(what.Will.Payload)
		options.SetBinaryWill(what.Will.Topic, payload, what.Will.Qos, what.Will.Retain)
	}
	client := mqtt.NewClient(options)
	clients[what.Client] = client
	token := client.Connect().(*mqtt.ConnectToken)
	token.Wait()
	const networkError = 0xFE // the library's own: there was no CONNACK
	if token.Error() != nil && (token.ReturnCode() == 0 || token.ReturnCode() >= networkError) {
		tell("failed", what.Client, fields{"why": token.Error().Error()})
		return
	}
	tell("connack", what.Client, fields{"reason": token.ReturnCode(), "session_present": token.SessionPresent()})
}

func subscribe(client mqtt.Client, what command) {
	var filters []struct {
		Filter string `json:"filter"`
		Qos    byte   `json:"qos"`
	}
	json.Unmarshal(what.Filters, &filters)
	wanted := map[string]byte{}
	for _, each := range filters {
		wanted[each.Filter] = each.Qos
	}
	token := client.SubscribeMultiple(wanted, nil).(*mqtt.SubscribeToken)
	if !token.WaitTimeout(3*time.Second) || token.Error() != nil {
		return
	}
	codes := []int{}
	for _, each := range filters {
		codes = append(codes, int(token.Result()[each.Filter]))
	}
	tell("suback", what.Client, fields{"codes": codes})
}

func unsubscribe(client mqtt.Client, what command) {
	var filters []string
	json.Unmarshal(what.Filters, &filters)
	token := client.Unsubscribe(filters...)
	if token.WaitTimeout(3*time.Second) && token.Error() == nil {
		tell("unsuback", what.Client, fields{"codes": []int{}})
	}
}

func publish(client mqtt.Client, what command) {
	payload, _ := hex.DecodeString(what.Payload)
	token := client.Publish(what.Topic, what.Qos, what.Retain, payload)
	go func() {
		if token.Wait() && token.Error() == nil {
			tell("published", what.Client, nil)
		}
	}()
}

func obey(what command) {
	if what.Do == "connect" {
		connect(what)
		return
	}
	client, known := clients[what.Client]
	if !known {
		tell("failed", what.Client, fields{"why": "is not connected"})
		return
	}
	switch what.Do {
	case "subscribe":
		subscribe(client, what)
	case "unsubscribe":
		unsubscribe(client, what)
	case "publish":
		publish(client, what)
	case "disconnect":
		client.Disconnect(1000) // ms at most, for DISCONNECT to be on its way
		tell("closed", what.Client, fields{"reason": 0})
	}
}

func main() {
	tell("ready", "", nil)
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var what command
		if json.Unmarshal(line, &what) == nil {
			obey(what)
		}
	}
}
