// A keypad for Common Ground: keys with lights, in the line protocol of docs/keypad-protocol.md.
// For Arduino-compatible boards. Compiled and run on a PC; not yet tried on a board.
const char *NAME[] = {"1", "2", "3", "4"};
const byte KEY[] = {2, 3, 4, 5}, LIGHT[] = {8, 9, 10, 11}, N = sizeof KEY;  // a key joins its pin to ground
bool down[N], told[N], waiting;  // how each key is; how the host knows it; whether a line waits for its answer
byte light[N], number, key;      // 0 dark, 1 lit, 2 blinking; the number and the key of the line that waits
unsigned long now, moved[N], began, sent, beat, heard;
String in;

String crc(String text) {
  uint16_t c = 0;
  for (unsigned i = 0; i < text.length() * 8; i++) c = (i % 8 ? c : c ^ text[i / 8] << 8), c = c & 0x8000 ? c << 1 ^ 0x1021 : c << 1;
  char hex[5];
  sprintf(hex, "%04X", c);
  return hex;
}
void say(String text) { Serial.println("<" + text + "," + crc(text) + ">"); }
bool among(String names, const char *name) { return (" " + names + " ").indexOf(String(" ") + name + " ") >= 0; }
void tell(byte n) { number = n, waiting = true, began = now, sent = now - 100; }
void hear(String line) {  // a line without < and >, such as l,7,1 2,3,CRC
  int end = line.length() - 5, a = line.indexOf(',', 2), b = line.indexOf(',', a + 1);
  if (end < 1 || line.substring(end + 1) != crc(line.substring(0, end))) return;
  heard = now;
  if (line[0] == 'h') memcpy(told, down, N), tell(0);  // a new host: what was pressed before it came is past
  if (line[0] == 'a' && line.substring(2, a).toInt() == number) waiting = false;
  if (line[0] != 'l') return;
  for (byte k = 0; k < N; k++) light[k] = among(line.substring(b + 1, end), NAME[k]) ? 2 : among(line.substring(a + 1, b), NAME[k]);
  say("A," + line.substring(2, a));
}
void setup() {
  Serial.begin(115200);
  for (byte k = 0; k < N; k++) pinMode(KEY[k], INPUT_PULLUP), pinMode(LIGHT[k], OUTPUT);
  tell(0);
}
void loop() {
  now = millis();
  while (Serial.available()) {
    char c = Serial.read();
    if (c == '<') in = "";
    else if (c == '>') hear(in), in = "";
    else if (in.length() < 255) in += c;
  }
  for (byte k = 0; k < N; k++) {
    bool d = !digitalRead(KEY[k]);
    if (d != down[k] && now - moved[k] > 20) down[k] = d, moved[k] = now;
    if (!waiting && told[k] != down[k]) key = k, told[k] = down[k], tell(number % 255 + 1);
    digitalWrite(LIGHT[k], now - heard < 3000 && (light[k] == 1 || (light[k] == 2 && now / 250 % 2)));
  }
  if (waiting && now - sent >= 100) {  // again until it is answered, but not longer than a second
    sent = now;
    if (number) say(String(told[key] ? "D," : "U,") + number + "," + NAME[key]);
    else say("H,1,1 2 3 4");
  }
  if (now - began > 1000) waiting = false;
  if (now - beat >= 500) beat = now, say("B");
}
