//! From the start of a server to its first answer, several times over. The server is started here, because whoever
//! measures has to see both ends.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use rustix::process::{Pid, Signal, kill_process};
use serde::Serialize;

use crate::cpu;
use crate::load::https::{Connection, Endpoint};

/// Stands for the port in the server's command line.
const PORT: &str = "{port}";
const LOOK_EVERY: Duration = Duration::from_micros(500);
const START_LIMIT: Duration = Duration::from_secs(20);
const STOP_PATIENCE: Duration = Duration::from_secs(10);

#[derive(Args)]
pub(crate) struct Options {
    /// How often to start it
    #[arg(long, default_value_t = 1)]
    times: usize,
    /// The certificate authority that vouches for the server; it may be made by the server as it starts
    #[arg(long)]
    ca: PathBuf,
    /// What to ask for
    #[arg(long)]
    path: String,
    /// The server's command line; `{port}` stands for the port to listen on
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// Milliseconds from before the process was made until the answer was whole, in the order in which they were measured.
#[derive(Default, Serialize)]
pub(crate) struct Times {
    wall: Vec<f64>,
    /// CPU time of the server's threads meanwhile.
    cpu: Vec<f64>,
}

pub(crate) async fn measure(options: &Options) -> Result<Times> {
    let mut times = Times::default();
    for _ in 0..options.times {
        let (wall, cpu) = once(options).await?;
        times.wall.push(wall.as_secs_f64() * 1e3);
        times.cpu.push(cpu.as_secs_f64() * 1e3);
    }
    Ok(times)
}

async fn once(options: &Options) -> Result<(Duration, Duration)> {
    let port = free_port()?;
    let words: Vec<String> =
        options.command.iter().map(|word| word.replace(PORT, &port.to_string())).collect();
    let (program, arguments) = words.split_first().context("there is no command")?;
    let began = Instant::now();
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {program}"))?;
    let mut server = Running(child);
    first_answer(&mut server, port, &options.ca, &options.path, began).await?;
    let (wall, cpu) = (began.elapsed(), cpu::of_threads(server.0.id())?);
    server.stop()?;
    Ok((wall, cpu))
}

/// The kernel's choice, which nobody is likely to take in the next moment.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

async fn first_answer(server: &mut Running, port: u16, ca: &Path, path: &str, began: Instant) -> Result<()> {
    while began.elapsed() < START_LIMIT {
        if let Some(status) = server.0.try_wait()? {
            bail!("the server ended before it answered: {status}");
        }
        if ask(port, ca, path).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    bail!("the server did not answer within {START_LIMIT:?}")
}

async fn ask(port: u16, ca: &Path, path: &str) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // The socket first: as long as nobody listens, the rest is not worth doing.
    let stream = tokio::net::TcpStream::connect(address).await?;
    let endpoint = Endpoint::new(address, ca)?;
    let mut connection = Connection::over(stream, &endpoint).await?;
    connection.send(endpoint.get(path)?).await?.expect_ok()
}

/// A server that does not outlive its measurement.
struct Running(Child);

impl Running {
    fn stop(&mut self) -> Result<()> {
        if let Some(pid) = Pid::from_raw(self.0.id().try_into()?) {
            kill_process(pid, Signal::TERM)?;
        }
        let began = Instant::now();
        while self.0.try_wait()?.is_none() {
            if began.elapsed() > STOP_PATIENCE {
                bail!("the server does not end");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}
