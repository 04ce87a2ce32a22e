//! Mail servers: a real one in this process (mailin), and ones that only misbehave.

use super::TestApp;
use lectern::server::jobs;
use mailin::response::{OK, Response};
use mailin::{Action, Handler, SessionBuilder};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the mail server took: sender, recipient, and the letter as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: String,
    pub data: String,
}

impl Received {
    /// The letter's headers and the words of its parts, whatever they are wrapped in.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for part in self.data.split("\r\n--") {
            let (head, body) = part.split_once("\r\n\r\n").unwrap_or((part, ""));
            words.push_str(head);
            words.push_str("\n\n");
            words.push_str(&match () {
                () if head.contains("Encoding: base64") => base64(body),
                () if head.contains("Encoding: quoted-printable") => quoted(body),
                () => body.to_owned(),
            });
        }
        words
    }

    /// A header's value, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.data.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default().to_owned()
    }

    /// The token of the first link in it.
    pub fn token(&self) -> String {
        let words = self.words();
        words.split("token=").nth(1).unwrap_or_else(|| panic!("no link in {words}")).chars().take_while(char::is_ascii_hexdigit).collect()
    }
}

fn quoted(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let [first, tail @ ..] = rest {
        let code = (*first == b'=')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn base64(text: &str) -> String {
    let value = |c: u8| b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".iter().position(|known| *known == c);
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_usize, 0);
    for sextet in text.bytes().filter_map(value) {
        bits = (bits << 6 | sextet) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A mail server that keeps what it gets. It refuses every recipient whose name begins with `gone`.
#[derive(Clone, Default)]
pub struct PostOffice {
    received: Arc<Mutex<Vec<Received>>>,
    from: String,
    to: String,
    data: Vec<u8>,
}

impl PostOffice {
    /// Opens a server on a free port; its address is for `SMTP_URL`.
    pub fn open() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let office = Self::default();
        let url = office.serve(listener);
        (office, url)
    }

    /// Opens the server on a listener.
    pub fn serve(&self, listener: TcpListener) -> String {
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let office = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let office = office.clone();
                std::thread::spawn(move || office.converse(stream));
            }
        });
        url
    }

    /// A conversation with one client: mailin speaks SMTP, this carries the lines.
    fn converse(self, mut stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let mut session = SessionBuilder::new("post.test").build(stream.peer_addr().unwrap().ip(), self);
        session.greeting().write_to(&mut stream).unwrap();
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let answer = session.process(&line);
            line.clear();
            if answer.action != Action::NoReply && answer.write_to(&mut stream).is_err() || answer.action == Action::Close {
                return;
            }
        }
    }

    /// All letters so far.
    pub fn letters(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The one letter that came.
    pub fn only(&self) -> Received {
        let letters = self.letters();
        assert_eq!(letters.len(), 1, "{letters:?}");
        letters[0].clone()
    }
}

impl Handler for PostOffice {
    fn helo(&mut self, _ip: IpAddr, _domain: &str) -> Response {
        OK
    }

    fn mail(&mut self, _ip: IpAddr, _domain: &str, from: &str) -> Response {
        from.clone_into(&mut self.from);
        self.data.clear();
        OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        if to.starts_with("gone") {
            return Response::custom(550, "5.1.1 Mailbox unavailable".to_owned());
        }
        to.clone_into(&mut self.to);
        OK
    }

    fn data_start(&mut self, _domain: &str, _from: &str, _is8bit: bool, _to: &[String]) -> Response {
        self.data.clear();
        OK
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.data.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let letter = Received { from: self.from.clone(), to: self.to.clone(), data: String::from_utf8_lossy(&self.data).into_owned() };
        self.received.lock().unwrap().push(letter);
        OK
    }
}

/// A server that answers the command that begins with `at` with `answer`, or with silence when that is empty; everything before is
/// taken. Gives its address and counts its connections.
pub fn faulty(at: &'static str, answer: &'static str) -> (String, Arc<Mutex<u32>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            *counted.lock().unwrap() += 1;
            std::thread::spawn(move || misbehave(stream, at, answer));
        }
    });
    (url, count)
}

fn misbehave(mut stream: TcpStream, at: &str, answer: &str) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut say = move |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    say("220 faulty.test");
    let mut line = String::new();
    while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
        let command = std::mem::take(&mut line);
        if command.starts_with(at) {
            if answer.is_empty() {
                std::thread::sleep(std::time::Duration::from_secs(30));
                return;
            }
            say(answer);
        } else if command.starts_with("DATA") {
            say("354 go on");
            while lines.read_line(&mut line).is_ok_and(|length| length > 0) && line != ".\r\n" {
                line.clear();
            }
            line.clear();
            say("250 taken");
        } else {
            say("250 faulty.test");
        }
    }
}

/// Runs what is due in the queue, and what that makes due.
pub async fn work(app: &TestApp) {
    jobs::run_due(&app.ctx()).await.unwrap();
}
