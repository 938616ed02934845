//! Layers over the panes: help, details, a line to type in, the theme picker. Topmost first to get keys.
//!
//! A layer is handled off the stack: it is taken away, gets the key, and says whether it stays.
pub mod field;
pub mod help;
pub mod pages;
pub mod themes;

use ratatui::layout::Rect;

use super::keymap::Key;
use super::state::{Effect, State};
use super::view::canvas::Canvas;

/// One layer.
#[derive(Debug)]
pub enum Layer {
    Help(help::Help),
    /// Details of an object, a command's result, an error: text to scroll.
    Pages(pages::Pages),
    /// A line to type in: search, command line.
    Field(field::Field),
    Themes(themes::Themes),
}

/// Whether the layer stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Stay,
    Close,
}

/// Gives a key to the topmost layer. Whether there was one.
pub fn key(state: &mut State, key: Key, effects: &mut Vec<Effect>) -> bool {
    let Some(mut layer) = state.layers.pop() else { return false };
    let depth = state.layers.len();
    let fate = match &mut layer {
        Layer::Help(layer) => layer.key(key, state),
        Layer::Pages(layer) => layer.key(key),
        Layer::Field(layer) => layer.key(key, state, effects),
        Layer::Themes(layer) => layer.key(key, state),
    };
    if fate == Fate::Stay {
        // What it opened in the meantime lies above it.
        state.layers.insert(depth, layer);
    }
    true
}

/// Gives pasted text to the topmost layer. Whether there was one.
pub fn paste(state: &mut State, text: &str) -> bool {
    let Some(mut layer) = state.layers.pop() else { return false };
    if let Layer::Field(field) = &mut layer {
        field.insert(text, state);
    }
    state.layers.push(layer);
    true
}

/// Draws a layer over what is there. Gives where the text cursor belongs, if it has one.
pub fn draw(layer: &Layer, state: &State, canvas: &mut Canvas<'_>, screen: Rect) -> Option<(u16, u16)> {
    match layer {
        Layer::Help(layer) => layer.draw(state, canvas, screen),
        Layer::Pages(layer) => layer.draw(canvas, screen),
        Layer::Field(layer) => return layer.draw(canvas, screen),
        Layer::Themes(layer) => layer.draw(state, canvas, screen),
    }
    None
}

/// A box in the middle of the screen, at most this large.
pub fn centred(screen: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(screen.width);
    let height = height.min(screen.height);
    Rect::new(screen.x + (screen.width - width) / 2, screen.y + (screen.height - height) / 2, width, height)
}
