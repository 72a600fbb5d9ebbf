//! A server on loopback that speaks enough S3 to list and read objects, and fails on demand.

// Each test file uses a part of it.
#![allow(dead_code, unreachable_pub)]

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A fault that a request meets.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The response has this status, and an S3 error with this code.
    Status(u16, &'static str),
    /// The connection ends without a response.
    NoResponse,
    /// The response breaks off after this many bytes of its body.
    Cut(usize),
    /// Like `Cut`, and the object is replaced meanwhile.
    CutAndReplaced(usize),
    /// Like `Cut`, and the object is deleted meanwhile.
    CutAndDeleted(usize),
    /// The connection is reset after this many bytes.
    Reset(usize),
    /// The response comes after this time.
    Slow(Duration),
    /// Like `Cut`, without an `ETag`.
    CutWithoutEtag(usize),
    /// The response is the whole object, although a range was requested.
    IgnoreRange,
}

#[derive(Clone, Debug)]
pub struct Stored {
    pub body: Vec<u8>,
    pub version: u32,
    /// As S3 formats times.
    pub modified: String,
}

#[derive(Debug, Default)]
struct Inner {
    objects: BTreeMap<String, Stored>,
    faults: HashMap<String, VecDeque<Fault>>,
    always: HashMap<String, Fault>,
    /// The status and the headers of redirects, by key.
    redirects: HashMap<String, (u16, String)>,
    requests: Vec<String>,
    heads: Vec<String>,
    open: usize,
    most_open: usize,
}

/// The server; it ends with the process.
#[derive(Clone, Debug)]
pub struct Server {
    pub address: String,
    inner: Arc<Mutex<Inner>>,
}

/// The one bucket.
pub const BUCKET: &str = "logs";

/// The access key that is accepted.
pub const KEY: &str = "AKIAEXAMPLE";

/// The number of keys on a page.
const PAGE: usize = 3;

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let server = Self { address, inner: Arc::default() };
        let accepting = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = accepting.clone();
                thread::spawn(move || {
                    let _ = server.serve(&stream);
                });
            }
        });
        server
    }

    pub fn put(&self, key: &str, body: impl AsRef<[u8]>) -> &Self {
        self.put_at(key, body, "2026-11-20T10:00:00.000Z")
    }

    pub fn put_at(&self, key: &str, body: impl AsRef<[u8]>, modified: &str) -> &Self {
        let mut inner = self.inner.lock().expect("not poisoned");
        let version = inner.objects.get(key).map_or(1, |stored| stored.version + 1);
        let stored = Stored { body: body.as_ref().to_vec(), version, modified: modified.to_owned() };
        inner.objects.insert(key.to_owned(), stored);
        self
    }

    pub fn delete(&self, key: &str) {
        self.inner.lock().expect("not poisoned").objects.remove(key);
    }

    /// The next requests for this key meet these faults, one after another. The key of lists is `list`.
    pub fn fail(&self, key: &str, faults: &[Fault]) -> &Self {
        self.inner.lock().expect("not poisoned").faults.entry(key.to_owned()).or_default().extend(faults);
        self
    }

    /// All requests for this key meet this fault.
    pub fn fail_always(&self, key: &str, fault: Fault) -> &Self {
        self.inner.lock().expect("not poisoned").always.insert(key.to_owned(), fault);
        self
    }

    /// All requests for this key are redirected, with this status and these lines of the header.
    pub fn redirect(&self, key: &str, status: u16, headers: &[&str]) -> &Self {
        let headers = headers.iter().flat_map(|line| [line, "\r\n"]).collect();
        self.inner.lock().expect("not poisoned").redirects.insert(key.to_owned(), (status, headers));
        self
    }

    /// Returns all requests so far as they were received, each with its headers.
    pub fn heads(&self) -> Vec<String> {
        self.inner.lock().expect("not poisoned").heads.clone()
    }

    /// Returns all requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.inner.lock().expect("not poisoned").requests.clone()
    }

    pub fn forget_requests(&self) {
        self.inner.lock().expect("not poisoned").requests.clear();
    }

    /// Returns the maximum number of objects that were sent at the same time.
    pub fn most_open(&self) -> usize {
        self.inner.lock().expect("not poisoned").most_open
    }

    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        let Some(lines) = read_head(stream)? else { return Ok(()) };
        let headers: HashMap<String, &str> = lines[1..]
            .iter()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
            .collect();
        let target = lines[0].split(' ').nth(1).unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = decoded(path);
        let rest = path.strip_prefix(&format!("/{BUCKET}"));
        let key = rest.map(|rest| rest.trim_start_matches('/').to_owned());
        let range = headers.get("range").copied().unwrap_or_default();
        let name = match key.as_deref() {
            Some("") => "list".to_owned(),
            Some(key) => key.to_owned(),
            None => path.clone(),
        };
        let (fault, redirect, stored) = {
            let mut inner = self.inner.lock().expect("not poisoned");
            inner.heads.push(lines.join("\n"));
            inner.requests.push(format!("{name} {range}").trim_end().to_owned());
            let once = inner.faults.get_mut(&name).and_then(VecDeque::pop_front);
            let stored = key.as_ref().and_then(|key| inner.objects.get(key).cloned());
            let redirect = inner.redirects.get(&name).cloned();
            (once.or_else(|| inner.always.get(&name).copied()), redirect, stored)
        };
        let mut response = Response { stream, status: 200, headers: String::new(), closes: None };
        let is_web = path.starts_with("/web/");
        let signature = headers.get("authorization").copied().unwrap_or_default();
        if !is_web && !signature.contains(&format!("Credential={KEY}/")) {
            return response.refuse(403, "InvalidAccessKeyId");
        }
        if key.is_none() && !is_web {
            return response.refuse(404, "NoSuchBucket");
        }
        if let Some((status, headers)) = redirect {
            response.headers = headers;
            return response.refuse(status, "");
        }
        match fault {
            Some(Fault::Status(status, code)) => return response.refuse(status, code),
            Some(Fault::NoResponse) => return Ok(()),
            Some(Fault::Slow(time)) => thread::sleep(time),
            _ => {}
        }
        if name == "list" {
            let body = self.list(&parameters(query));
            return response.send(body.as_bytes(), fault);
        }
        let stored = if is_web {
            self.inner.lock().expect("not poisoned").objects.get(&path).cloned()
        } else {
            stored
        };
        let Some(stored) = stored else { return response.refuse(404, "NoSuchKey") };
        let etag = format!("\"v{}-{}\"", stored.version, stored.body.len());
        if headers.get("if-match").is_some_and(|wanted| *wanted != etag) {
            return response.refuse(412, "PreconditionFailed");
        }
        if !matches!(fault, Some(Fault::CutWithoutEtag(_))) {
            let _ = write!(response.headers, "ETag: {etag}\r\n");
        }
        response.headers.push_str("Last-Modified: Fri, 20 Nov 2026 10:00:00 GMT\r\n");
        let mut body = stored.body.as_slice();
        if let Some((start, end)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
            && !matches!(fault, Some(Fault::IgnoreRange))
        {
            let length = body.len();
            let start: usize = start.parse().expect("a number");
            let end = end.parse().map_or(length, |last: usize| (last + 1).min(length));
            if start >= length {
                return response.refuse(416, "InvalidRange");
            }
            response.status = 206;
            let _ = write!(response.headers, "Content-Range: bytes {start}-{}/{length}\r\n", end - 1);
            body = &body[start..end];
        }
        {
            let mut inner = self.inner.lock().expect("not poisoned");
            inner.open += 1;
            inner.most_open = inner.most_open.max(inner.open);
        }
        // Counted down before the last byte: a client that has it may request another object at once.
        response.closes = Some(self);
        let sent = response.send(body, fault);
        match fault {
            Some(Fault::CutAndReplaced(_)) => {
                self.put(&name, [b"other ", stored.body.as_slice()].concat());
            }
            Some(Fault::CutAndDeleted(_)) => self.delete(&name),
            _ => {}
        }
        // The client sees the end of the response only now.
        let _ = stream.shutdown(std::net::Shutdown::Both);
        sent
    }

    fn list(&self, parameters: &HashMap<String, String>) -> String {
        let prefix = parameters.get("prefix").cloned().unwrap_or_default();
        let token = parameters.get("continuation-token").or_else(|| parameters.get("start-after"));
        let token = token.cloned().unwrap_or_default();
        let most = parameters.get("max-keys").and_then(|most| most.parse().ok()).unwrap_or(PAGE);
        let inner = self.inner.lock().expect("not poisoned");
        let mut found = inner
            .objects
            .iter()
            .filter(|(key, _)| key.starts_with(&prefix) && !key.starts_with("/web/") && **key > token);
        let page: Vec<_> = found.by_ref().take(PAGE.min(most)).collect();
        let more = found.next().is_some();
        let mut xml = String::from("<?xml version=\"1.0\"?><ListBucketResult>");
        let _ = write!(xml, "<IsTruncated>{more}</IsTruncated>");
        for (key, stored) in &page {
            let key = escaped(key);
            let _ = write!(
                xml,
                "<Contents><Key>{key}</Key><LastModified>{}</LastModified><ETag>&quot;v{}-{}&quot;</ETag><Size>{}</Size></Contents>",
                stored.modified,
                stored.version,
                stored.body.len(),
                stored.body.len(),
            );
        }
        if let (true, Some((last, _))) = (more, page.last()) {
            let _ = write!(xml, "<NextContinuationToken>{}</NextContinuationToken>", escaped(last));
        }
        xml.push_str("</ListBucketResult>");
        xml
    }
}

struct Response<'a> {
    stream: &'a TcpStream,
    status: u16,
    headers: String,
    /// The server to count the open object down at.
    closes: Option<&'a Server>,
}

impl Response<'_> {
    fn close(&mut self) {
        if let Some(server) = self.closes.take() {
            server.inner.lock().expect("not poisoned").open -= 1;
        }
    }

    fn refuse(mut self, status: u16, code: &str) -> io::Result<()> {
        self.status = status;
        self.send(format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>").as_bytes(), None)
    }

    fn send(mut self, body: &[u8], fault: Option<Fault>) -> io::Result<()> {
        write!(
            self.stream,
            "HTTP/1.1 {} Status\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n",
            self.status,
            body.len(),
            self.headers
        )?;
        if fault.is_some() {
            self.close();
        }
        match fault {
            Some(
                Fault::Cut(after)
                | Fault::CutAndReplaced(after)
                | Fault::CutAndDeleted(after)
                | Fault::CutWithoutEtag(after),
            ) => self.stream.write_all(&body[..after.min(body.len())])?,
            Some(Fault::Reset(after)) => {
                self.stream.write_all(&body[..after.min(body.len())])?;
                self.stream.flush()?;
                thread::sleep(Duration::from_millis(20));
                reset(self.stream);
            }
            _ => {
                let (most, last) = body.split_at(body.len().saturating_sub(1));
                let sent = self.stream.write_all(most);
                self.close();
                sent.and_then(|()| self.stream.write_all(last))?;
            }
        }
        self.stream.flush()
    }
}

/// Reads the lines of a request up to the empty one, or returns `None` if the connection ends before.
fn read_head(stream: &TcpStream) -> io::Result<Option<Vec<String>>> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => return Ok(Some(lines)),
            line => lines.push(line.to_owned()),
        }
    }
}

/// Closes the connection with unread bytes, so that systems send a reset if they do.
fn reset(stream: &TcpStream) {
    let mut rest = [0; 1];
    let _ = stream.set_nonblocking(true);
    let _ = { stream }.read(&mut rest);
    let _ = stream.shutdown(std::net::Shutdown::Both);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn parameters(query: &str) -> HashMap<String, String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                std::str::from_utf8(&digits)
                    .ok()
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok())
                    .unwrap_or(b'?')
            }
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
