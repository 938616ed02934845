//! Answers as JSON, for scripts: `--json`.
use std::fmt::{self, Write};

use super::protocol::{HolderList, LeakReport, Location, ObjectGraph, ObjectLabel, PathStep, WhyReport};

/// A JSON value; fields keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Json>),
    Fields(Vec<(&'static str, Json)>),
}

impl From<u64> for Json {
    fn from(number: u64) -> Json {
        Json::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Json {
        Json::Int(number)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Json {
        Json::Text(text.to_owned())
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Json {
        Json::Text(text.clone())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Json {
        value.map_or(Json::Null, Into::into)
    }
}

impl<T: Into<Json>> FromIterator<T> for Json {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Json {
        Json::List(items.into_iter().map(Into::into).collect())
    }
}

/// A text as a JSON string, quotes included.
pub fn quote(text: &str, out: &mut impl Write) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            c if c.is_control() => write!(out, "\\u{:04x}", c as u32)?,
            c => out.write_char(c)?,
        }
    }
    out.write_char('"')
}

impl Json {
    fn write(&self, out: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        let line = |out: &mut fmt::Formatter<'_>, depth: usize| write!(out, "\n{:1$}", "", depth * 2);
        match self {
            Json::Null => out.write_str("null"),
            Json::Bool(truth) => write!(out, "{truth}"),
            Json::Int(number) => write!(out, "{number}"),
            Json::Text(text) => quote(text, out),
            Json::List(items) if items.is_empty() => out.write_str("[]"),
            Json::List(items) => {
                out.write_char('[')?;
                for (number, item) in items.iter().enumerate() {
                    out.write_str(if number > 0 { "," } else { "" })?;
                    line(out, indent + 1)?;
                    item.write(out, indent + 1)?;
                }
                line(out, indent)?;
                out.write_char(']')
            }
            Json::Fields(fields) => {
                out.write_char('{')?;
                for (number, (name, value)) in fields.iter().enumerate() {
                    out.write_str(if number > 0 { "," } else { "" })?;
                    line(out, indent + 1)?;
                    quote(name, out)?;
                    out.write_str(": ")?;
                    value.write(out, indent + 1)?;
                }
                line(out, indent)?;
                out.write_char('}')
            }
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl From<&ObjectLabel> for Json {
    fn from(label: &ObjectLabel) -> Json {
        Json::Fields(vec![("type", (&*label.type_name).into()), ("id", label.id.into())])
    }
}

impl From<&Location> for Json {
    fn from(place: &Location) -> Json {
        Json::Fields(vec![
            ("file", (&*place.file).into()),
            ("line", u64::from(place.line).into()),
            ("function", (&*place.function).into()),
        ])
    }
}

impl From<&PathStep> for Json {
    fn from(step: &PathStep) -> Json {
        match step.left_out {
            0 => Json::Fields(vec![
                ("name", (&step.text).into()),
                ("object", step.object.as_ref().into()),
                ("value", (&step.repr).into()),
            ]),
            steps => Json::Fields(vec![("left_out", steps.into())]),
        }
    }
}

fn holder_fields(list: &HolderList) -> Vec<(&'static str, Json)> {
    let holders = list.holders.iter().map(|holder| {
        Json::Fields(vec![("name", (&holder.description).into()), ("object", holder.object.as_ref().into())])
    });
    vec![
        ("object", (&list.object).into()),
        ("refcount", list.refcount.into()),
        ("holders", Json::List(holders.collect())),
        ("holders_total", list.total.into()),
        ("unexplained", list.unexplained.into()),
    ]
}

impl From<&WhyReport> for Json {
    fn from(report: &WhyReport) -> Json {
        let mut fields = holder_fields(&report.holders);
        fields.insert(1, ("value", (&report.repr).into()));
        fields.push(("created", report.created.as_ref().into()));
        fields.push(("path", report.path.iter().collect()));
        fields.push(("notes", report.notes.iter().collect()));
        Json::Fields(fields)
    }
}

impl From<&LeakReport> for Json {
    fn from(report: &LeakReport) -> Json {
        let groups = report.groups.iter().map(|group| {
            Json::Fields(vec![
                ("type", (&*group.type_name).into()),
                ("made", group.location.as_ref().into()),
                ("count", group.count.into()),
                ("bytes", group.bytes.into()),
                ("retained", group.retained.into()),
                ("unreachable", Json::Bool(group.unreachable)),
                ("example", (&group.repr).into()),
                ("path", group.path.iter().collect()),
            ])
        });
        Json::Fields(vec![
            ("objects", report.objects.into()),
            ("bytes", report.bytes.into()),
            ("groups", Json::List(groups.collect())),
            ("groups_total", report.groups_total.into()),
            ("imported", report.imported.into()),
            ("imported_bytes", report.imported_bytes.into()),
        ])
    }
}

impl From<&ObjectGraph> for Json {
    fn from(graph: &ObjectGraph) -> Json {
        let nodes = graph.nodes.iter().map(|node| {
            Json::Fields(vec![
                ("object", (&node.object).into()),
                ("names", node.names.iter().collect()),
                ("refcount", node.refcount.into()),
                ("value", (&node.repr).into()),
                ("fields", node.fields.iter().collect()),
                ("in_cycle", Json::Bool(node.in_cycle)),
            ])
        });
        let edges = graph.edges.iter().map(|edge| {
            Json::Fields(vec![
                ("from", u64::from(edge.from).into()),
                ("to", u64::from(edge.to).into()),
                ("name", (&edge.label).into()),
                ("in_cycle", Json::Bool(edge.in_cycle)),
            ])
        });
        Json::Fields(vec![
            ("nodes", Json::List(nodes.collect())),
            ("edges", Json::List(edges.collect())),
            ("left_out", graph.left_out.into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_written_as_it_is_read() {
        let value = Json::Fields(vec![
            ("a", Json::List(vec![Json::Int(1), Json::Null, Json::Bool(true)])),
            ("b", "say \"hi\"\n\\ \u{1}é".into()),
            ("c", Json::List(vec![])),
        ]);
        let text = "{\n  \"a\": [\n    1,\n    null,\n    true\n  ],\n  \"b\": \"say \\\"hi\\\"\\n\\\\ \\u0001é\",\n  \"c\": []\n}";
        assert_eq!(value.to_string(), text);
    }
}
