//! Whether symbolic links are followed, for all commands that read files.

use super::headings::INPUTS;

#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct LinkArgs {
    /// Leave out symbolic links in folders, and files that patterns find through links
    ///
    /// By default, links are followed, also out of the folder; each file is read once. An input that is a link itself is
    /// always followed. Links that are left out are counted.
    #[arg(long, visible_alias = "no-follow", help_heading = INPUTS)]
    pub(crate) no_follow_links: bool,
}
