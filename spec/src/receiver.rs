//! Applications that are told of sign-outs behind the browser's back, each at a path of its own, and how they misbehave.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::form::Form;
use crate::issuer::acceptor;
use crate::secrets;
use crate::server::Server;

/// How an application answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// With this status, and nothing else.
    Status(u16),
    /// With this status the first time, and then with 200.
    Once(u16),
    /// With a redirect there.
    Redirect(String),
    /// Not at all, for longer than anybody waits.
    Never,
    /// With 200, and a body that does not end.
    Endless,
    /// With a header that does not end.
    EndlessHeader,
    /// By closing the connection.
    Hangup,
}

/// What an application was sent.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The path.
    pub path: String,
    /// The request line and the headers.
    pub head: String,
    /// The body.
    pub form: Form,
}

/// Applications, which end with the test.
pub struct Receiver {
    origin: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    replies: Mutex<HashMap<String, Reply>>,
    heard: Mutex<Vec<Heard>>,
    /// The most bytes of an endless answer that were taken.
    taken: Mutex<usize>,
}

impl Receiver {
    /// Under a certificate of a server's own authority.
    pub async fn start(server: &Server) -> Self {
        Self::with(Some(acceptor(server))).await
    }

    /// Without TLS.
    pub async fn without_tls() -> Self {
        Self::with(None).await
    }

    async fn with(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let origin = format!("{scheme}://localhost:{}", listener.local_addr().unwrap().port());
        let state = Arc::new(State::default());
        tokio::spawn(answer_all(listener, tls, Arc::clone(&state)));
        Self { origin, state }
    }

    /// The address of an application, which answers so.
    pub fn at(&self, path: &str, reply: Reply) -> String {
        self.state.replies.lock().unwrap().insert(path.to_owned(), reply);
        format!("{}{path}", self.origin)
    }

    /// What was sent to a path so far.
    pub fn heard(&self, path: &str) -> Vec<Heard> {
        self.state.heard.lock().unwrap().iter().filter(|heard| heard.path == path).cloned().collect()
    }

    /// The most bytes of an endless answer that were taken.
    pub fn taken(&self) -> usize {
        *self.state.taken.lock().unwrap()
    }
}

impl Heard {
    /// The token it was told by.
    #[track_caller]
    pub fn token(&self) -> &str {
        self.form.get("logout_token").unwrap_or_else(|| panic!("{self:?}"))
    }
}

async fn answer_all(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(accept(stream, tls.clone(), Arc::clone(&state)));
    }
}

async fn accept(stream: TcpStream, tls: Option<TlsAcceptor>, state: Arc<State>) -> Option<()> {
    match tls {
        Some(tls) => answer(tls.accept(stream).await.ok()?, &state).await,
        None => answer(stream, &state).await,
    }
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, state: &State) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let path = head.split(' ').nth(1)?.to_owned();
    let lower = head.to_ascii_lowercase();
    let length = lower.split_once("content-length: ").and_then(|(_, rest)| rest.split("\r\n").next());
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    let form = Form::decode(&String::from_utf8(body).ok()?);
    form.pairs().for_each(|(_, value)| secrets::record(value));
    let times = {
        let mut heard = state.heard.lock().unwrap();
        heard.push(Heard { path: path.clone(), head, form });
        heard.iter().filter(|heard| heard.path == path).count()
    };
    let reply = state.replies.lock().unwrap().get(&path).cloned().unwrap_or(Reply::Status(404));
    let line = |status: u16, more: &str| format!("HTTP/1.1 {status} x\r\nConnection: close\r\n{more}\r\n");
    let empty = |status: u16| line(status, "Content-Length: 0\r\n");
    let said = match reply {
        Reply::Status(status) => empty(status),
        Reply::Once(status) => empty(if times == 1 { status } else { 200 }),
        Reply::Redirect(to) => line(302, &format!("Location: {to}\r\nContent-Length: 0\r\n")),
        Reply::Never => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            return None;
        }
        Reply::Hangup => return Some(()),
        Reply::Endless => return flood(stream, &line(200, ""), state).await,
        Reply::EndlessHeader => return flood(stream, "HTTP/1.1 200 x\r\nx: ", state).await,
    };
    stream.write_all(said.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}

/// As much as is taken.
async fn flood(mut stream: impl AsyncWrite + Unpin, first: &str, state: &State) -> Option<()> {
    stream.write_all(first.as_bytes()).await.ok()?;
    let mut taken = 0;
    while stream.write_all(&[b'x'; 16 * 1024]).await.is_ok() {
        taken += 16 * 1024;
        let mut most = state.taken.lock().unwrap();
        *most = taken.max(*most);
    }
    Some(())
}
