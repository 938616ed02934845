//! Where ouro keeps what it remembers, by the customs of the platform.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The folders of the current user. `None` when there is no home.
fn folders() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "ouro")
}

/// The REPL's history, kept between runs: state, not configuration. `OURO_HISTORY` names another file; set
/// but empty, it means that no history is kept.
pub fn history() -> Option<PathBuf> {
    if let Some(file) = std::env::var_os("OURO_HISTORY") {
        return (!file.is_empty()).then(|| PathBuf::from(file));
    }
    let folders = folders()?;
    Some(folders.state_dir().unwrap_or(folders.data_local_dir()).join("history"))
}
