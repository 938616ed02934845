//! Messages of errors in the words of Python 2.7. Code that both eras share speaks 3.11's; whatever is raised in the
//! classic era comes by here.

use std::borrow::Cow;

/// Texts of which only a part differs: what to look for, what to put instead.
const PARTS: &[(&str, &str)] = &[
    ("indices must be integers or slices, not ", "indices must be integers, not "),
    ("a real number is required, not ", "a number is required, not "),
    ("an integer is required, not ", "a number is required, not "),
    ("super() argument 1 must be a type, not ", "super() argument 1 must be type, not "),
    ("integer modulo by zero", "integer division or modulo by zero"),
    ("float floor division by zero", "float divmod()"),
    (
        "isinstance() arg 2 must be a type, a tuple of types, or a union",
        "isinstance() arg 2 must be a class, type, or tuple of classes and types",
    ),
    (
        "issubclass() arg 2 must be a class, a tuple of classes, or a union",
        "issubclass() arg 2 must be a class or tuple of classes",
    ),
    (" while calling a Python object", ""),
    (" in comparison", " in cmp"),
    (
        "object.__init__() takes exactly one argument (the instance to initialize)",
        "object.__init__() takes no parameters",
    ),
    ("object.__new__() takes exactly one argument (the type to instantiate)", "object() takes no parameters"),
    ("expected str instance, ", "expected string, "),
    (
        "__class__ assignment only supported for heap types or ModuleType subclasses",
        "__class__ assignment: only for heap types",
    ),
    (
        "__class__ assignment only supported for mutable types or ModuleType subclasses",
        "__class__ assignment: only for heap types",
    ),
];

/// What a message between two fixed parts says: the text around, and what stands in the middle.
fn between<'a>(message: &'a str, before: &str, after: &str) -> Option<&'a str> {
    message.strip_prefix(before)?.strip_suffix(after)
}

/// The message as Python 2.7 words it.
pub fn of(message: &str) -> Cow<'_, str> {
    if let Some(name) =
        between(message, "cannot access local variable ", " where it is not associated with a value")
    {
        return format!("local variable {name} referenced before assignment").into();
    }
    let scope = " where it is not associated with a value in enclosing scope";
    if let Some(name) = between(message, "cannot access free variable ", scope) {
        return format!("free variable {name} referenced before assignment in enclosing scope").into();
    }
    if message.starts_with("not enough values to unpack")
        && let Some(got) = message.rsplit("got ").next().map(|got| got.trim_end_matches(')'))
    {
        let plural = if got == "1" { "" } else { "s" };
        return format!("need more than {got} value{plural} to unpack").into();
    }
    if message.starts_with("too many values to unpack") {
        return "too many values to unpack".into();
    }
    if let Some(name) = between(message, "cannot unpack non-iterable ", " object") {
        return format!("'{name}' object is not iterable").into();
    }
    if let Some(name) = between(message, "type ", " is not subscriptable") {
        let _ = name;
        return "'type' object has no attribute '__getitem__'".into();
    }
    if let Some(name) = message.strip_suffix(" object is not subscriptable") {
        return format!("{name} object has no attribute '__getitem__'").into();
    }
    if let Some(name) = message.strip_suffix(" object is not an iterator") {
        return format!("{} object is not an iterator", name.trim_matches('\'')).into();
    }
    if message.ends_with(" takes no arguments") && !message.contains(' ') {
        return message.into();
    }
    if let Some(name) = message.strip_suffix("() takes no arguments")
        && !name.contains([' ', '.'])
    {
        return "object() takes no parameters".into();
    }
    if message.contains("got multiple values for argument ") {
        let text = message.replacen("for argument ", "for keyword argument ", 1);
        return unqualified(&text).into_owned().into();
    }
    if message.starts_with("property ") {
        let short = [
            ("has no setter", "can't set attribute"),
            ("has no deleter", "can't delete attribute"),
            ("has no getter", "unreadable attribute"),
        ];
        if let Some((_, text)) = short.iter().find(|(end, _)| message.ends_with(end)) {
            return (*text).into();
        }
    }
    if let Some(name) = between(message, "No module named '", "'") {
        return format!("No module named {}", name.rsplit('.').next().unwrap_or(name)).into();
    }
    if message.starts_with("cannot import name '") {
        let name = message.split('\'').nth(1).unwrap_or_default();
        return format!("cannot import name {name}").into();
    }
    if message.starts_with("module '")
        && let Some(at) = message.find("' has no attribute ")
    {
        return format!("'module' object{}", &message[at + 1..]).into();
    }
    if let Some(text) = between(message, "could not convert string to float: '", "'") {
        return format!("could not convert string to float: {text}").into();
    }
    if let Some(rest) = message.strip_prefix("descriptor ")
        && let Some((head, received)) = rest.split_once(" doesn't apply to a ")
        && let Some((name, class)) = head.split_once(" for ")
    {
        let class = class.trim_end_matches(" objects");
        return format!(
            "descriptor {name} requires a {class} object but received a {}",
            received.trim_end_matches(" object")
        )
        .into();
    }
    if let Some(rest) = message.strip_prefix("unbound method ")
        && let Some((name, _)) = rest.split_once(" needs an argument")
    {
        let method = name.trim_end_matches("()").rsplit('.').next().unwrap_or(name);
        return format!(
            "descriptor '{method}' of '{}' object needs an argument",
            name.split('.').next().unwrap_or(name)
        )
        .into();
    }
    if let Some((start, name)) = message.split_once("indices must be integers, not '") {
        return format!("{start}indices must be integers, not {}", name.trim_end_matches('\'')).into();
    }
    for (modern, classic) in PARTS {
        if message.contains(modern) {
            return message.replacen(modern, classic, 1).into();
        }
    }
    if message.contains("() takes ") || message.contains("() got an unexpected keyword ") {
        return unqualified(message);
    }
    message.into()
}

/// A function's name without the class in front of it.
fn unqualified(message: &str) -> Cow<'_, str> {
    match message.split_once("()") {
        Some((name, rest)) if !name.contains(' ') && name.contains('.') => {
            format!("{}(){rest}", name.rsplit('.').next().unwrap_or(name)).into()
        }
        _ => message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn messages() {
        let pairs = [
            ("not enough values to unpack (expected 2, got 1)", "need more than 1 value to unpack"),
            ("'int' object is not subscriptable", "'int' object has no attribute '__getitem__'"),
            ("N() takes no arguments", "object() takes no parameters"),
            ("list indices must be integers or slices, not str", "list indices must be integers, not str"),
            (
                "list.append() takes exactly one argument (0 given)",
                "append() takes exactly one argument (0 given)",
            ),
            ("No module named 'nowhere'", "No module named nowhere"),
            ("list index out of range", "list index out of range"),
        ];
        for (modern, classic) in pairs {
            assert_eq!(of(modern), classic);
        }
    }
}
