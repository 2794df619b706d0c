//! The folder beside the database where files of jobs lie: one folder a job, gone with the job.

use crate::problem::Problem;
use axum::body::Body;
use base::Diagnostic;
use base::codes::jobs as codes;
use futures::StreamExt;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;

/// How long a sender may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Pieces of a file that may wait for the disk.
const WAITING: usize = 16;

/// A file that came in whole.
pub struct Upload {
    /// Where it lies.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// Their digest.
    pub digest: String,
    /// The ending that its name, or what it begins with, says.
    pub ending: String,
    /// Whether it was not there before, under the key of an earlier request.
    pub is_new: bool,
}

/// The folder of a job.
pub fn folder(spool: &Path, id: &str) -> PathBuf {
    spool.join(id)
}

/// The file of a job.
pub fn upload(spool: &Path, id: &str, ending: &str) -> PathBuf {
    folder(spool, id).join(format!("upload.{ending}"))
}

/// What was not taken of a job's file, or of its second sheet.
pub fn refusals(spool: &Path, id: &str, sheet: usize) -> PathBuf {
    folder(spool, id).join(format!("refusals-{sheet}.ndjson"))
}

fn no_room(error: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(&codes::TOO_LARGE, format!("the file cannot be kept: {error}"))
        .hint("make room in the folder that --spool names")
}

fn too_large(most: u64) -> Diagnostic {
    let message = format!("the file has more than {most} bytes");
    Diagnostic::new(&codes::TOO_LARGE, message)
        .hint("send it in parts, as Parquet, or ask for a larger --upload-limit")
}

/// Takes a body into a file of a new folder, as it comes; nothing is kept of one that breaks off.
pub async fn receive(
    spool: &Path,
    id: &str,
    filename: Option<&str>,
    body: Body,
    most: u64,
) -> Result<Upload, Problem> {
    let folder = folder(spool, id);
    std::fs::create_dir_all(&folder).map_err(no_room)?;
    let part = folder.join(format!("part-{}", crate::clock::now()));
    let result = written(&part, body, most).await;
    let (bytes, digest) = match result {
        Ok(found) => found,
        Err(problem) => {
            discard(&part, &folder);
            return Err(problem);
        }
    };
    let ending = ending(filename, &part);
    let path = upload(spool, id, &ending);
    let is_new = !path.exists();
    let kept = if is_new { std::fs::rename(&part, &path) } else { std::fs::remove_file(&part) };
    if let Err(error) = kept {
        discard(&part, &folder);
        return Err(no_room(error).into());
    }
    Ok(Upload { path, bytes, digest, ending, is_new })
}

/// Removes what there is of a file, and its folder where nothing else is in it.
pub fn discard(file: &Path, folder: &Path) {
    // It may never have been made.
    let _ = std::fs::remove_file(file);
    let _ = std::fs::remove_dir(folder);
}

async fn written(part: &Path, body: Body, most: u64) -> Result<(u64, String), Problem> {
    let (pieces, mut incoming) = mpsc::channel::<axum::body::Bytes>(WAITING);
    let target = part.to_owned();
    let disk = tokio::task::spawn_blocking(move || -> std::io::Result<(u64, String)> {
        let mut file = File::create(target)?;
        let (mut hasher, mut bytes) = (blake3::Hasher::new(), 0u64);
        while let Some(piece) = incoming.blocking_recv() {
            file.write_all(&piece)?;
            hasher.update(&piece);
            bytes += piece.len() as u64;
        }
        // What is acknowledged is on the disk.
        file.sync_all()?;
        Ok((bytes, hasher.finalize().to_hex().to_string()))
    });
    let mut stream = body.into_data_stream();
    let mut seen = 0u64;
    while let Some(piece) = tokio::time::timeout(PATIENCE, stream.next())
        .await
        .map_err(|_| Problem::bad_request("the file stopped coming in"))?
    {
        let piece = piece.map_err(|_| Problem::bad_request("the file broke off"))?;
        seen += piece.len() as u64;
        if seen > most {
            return Err(too_large(most).into());
        }
        if pieces.send(piece).await.is_err() {
            break;
        }
    }
    drop(pieces);
    let written = disk.await.map_err(no_room)?;
    let (bytes, digest) = written.map_err(no_room)?;
    if bytes == 0 {
        return Err(Problem::bad_request("the body is empty: send the file itself"));
    }
    Ok((bytes, digest))
}

/// The format of a file by its name, else by what it begins with.
fn ending(filename: Option<&str>, path: &Path) -> String {
    const KNOWN: [&str; 9] =
        ["csv", "tsv", "ndjson", "jsonl", "xlsx", "xlsm", "xls", "ods", "parquet"];
    let named = filename.and_then(|it| it.rsplit_once('.')).map(|it| it.1.to_lowercase());
    if let Some(known) = named.and_then(|it| KNOWN.into_iter().find(|known| *known == it)) {
        return known.to_owned();
    }
    let mut first = [0u8; 4];
    let read = File::open(path).and_then(|mut it| std::io::Read::read(&mut it, &mut first));
    match (read.unwrap_or(0), &first) {
        (4.., b"PK\x03\x04") => "xlsx",
        (4.., b"PAR1") => "parquet",
        (1.., [b'{', ..]) => "ndjson",
        _ => "csv",
    }
    .to_owned()
}
