//! `pwd` and `grp`: the users and groups that `/etc/passwd` and `/etc/group` list.

use super::system_text;
use crate::memory::{Layout as _, Object, Ref};
use crate::objects::module::ModuleObject;
use crate::objects::native_type::NativeType;
use crate::objects::spec::{MethodDef, TypeSpec};
use crate::objects::structseq::{constructible, field, new_instance};
use crate::objects::{ModuleSpec, PyResult, StrObject};
use crate::vm::Ctx;

static PASSWD: NativeType = NativeType::new(&PASSWD_SPEC);
static GROUP: NativeType = NativeType::new(&GROUP_SPEC);

static PASSWD_SPEC: TypeSpec = constructible(
    "pwd.struct_passwd",
    "An entry of the user database.",
    &[
        field::<0>("pw_name", "user name"),
        field::<1>("pw_passwd", "password"),
        field::<2>("pw_uid", "user id"),
        field::<3>("pw_gid", "group id"),
        field::<4>("pw_gecos", "real name"),
        field::<5>("pw_dir", "home directory"),
        field::<6>("pw_shell", "shell program"),
    ],
);

static GROUP_SPEC: TypeSpec = constructible(
    "grp.struct_group",
    "An entry of the group database.",
    &[
        field::<0>("gr_name", "group name"),
        field::<1>("gr_passwd", "password"),
        field::<2>("gr_gid", "group id"),
        field::<3>("gr_mem", "group members"),
    ],
);

/// The lines of a database, each split at its colons.
fn entries(path: &str, fields: usize) -> Vec<Vec<Vec<u8>>> {
    let text = crate::vm::outside::read_file(path).unwrap_or_default();
    text.split(|byte| *byte == b'\n')
        .map(|line| line.split(|byte| *byte == b':').map(<[u8]>::to_vec).collect::<Vec<_>>())
        .filter(|line| line.len() == fields)
        .collect()
}

fn number(bytes: &[u8]) -> i64 {
    std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()).unwrap_or(-1)
}

fn user(cx: Ctx, entry: &[Vec<u8>]) -> PyResult {
    let mut fields = Vec::with_capacity(7);
    for (index, field) in entry.iter().enumerate() {
        fields.push(match index {
            2 | 3 => cx.new_int(number(field)),
            _ => system_text(cx, field)?,
        });
    }
    Ok(new_instance(cx, PASSWD.get(cx)?, 7, fields))
}

fn group(cx: Ctx, entry: &[Vec<u8>]) -> PyResult {
    let members = entry[3].split(|byte| *byte == b',').filter(|name| !name.is_empty());
    let members = members.map(|name| system_text(cx, name)).collect::<PyResult<Vec<Ref>>>()?;
    let fields = vec![
        system_text(cx, &entry[0])?,
        system_text(cx, &entry[1])?,
        cx.new_int(number(&entry[2])),
        cx.new_list(members)?.into_object(),
    ];
    Ok(new_instance(cx, GROUP.get(cx)?, 4, fields))
}

/// A database: its file, the number of fields, and how an entry becomes an object.
struct Database {
    path: &'static str,
    fields: usize,
    make: fn(Ctx, &[Vec<u8>]) -> PyResult,
    by_name: &'static str,
    by_id: &'static str,
    what: &'static str,
}

const USERS: Database = Database {
    path: "/etc/passwd",
    fields: 7,
    make: user,
    by_name: "getpwnam",
    by_id: "getpwuid",
    what: "uid",
};
const GROUPS: Database = Database {
    path: "/etc/group",
    fields: 4,
    make: group,
    by_name: "getgrnam",
    by_id: "getgrgid",
    what: "gid",
};

impl Database {
    fn all(&self, cx: Ctx) -> PyResult {
        let found = entries(self.path, self.fields);
        let found = found.iter().map(|entry| (self.make)(cx, entry)).collect::<PyResult<Vec<Ref>>>()?;
        Ok(cx.new_list(found)?.into_object())
    }

    fn named(&self, cx: Ctx, name: &Ref) -> PyResult {
        let Some(text) = name.downcast::<StrObject>() else {
            let ty = name.ty().tp_name();
            return Err(cx.type_error(format_args!("{}() argument must be str, not {ty}", self.by_name)));
        };
        let wanted = text.to_string_lossy();
        match entries(self.path, self.fields).iter().find(|entry| entry[0] == wanted.as_bytes()) {
            Some(entry) => (self.make)(cx, entry),
            None => {
                let shown = cx.repr_text(name)?;
                let message = format!("{}(): name not found: {shown}", self.by_name);
                Err(cx.key_error(cx.new_str(&message).into_object()))
            }
        }
    }

    fn numbered(&self, cx: Ctx, id: &Ref) -> PyResult {
        let wanted = cx.index(id)?;
        let known = wanted.as_i64();
        match entries(self.path, self.fields).iter().find(|entry| Some(number(&entry[2])) == known) {
            Some(entry) => (self.make)(cx, entry),
            None => {
                let shown = cx.repr_text(wanted.as_object())?;
                let message = format!("{}(): {} not found: {shown}", self.by_id, self.what);
                Err(cx.key_error(cx.new_str(&message).into_object()))
            }
        }
    }
}

fn getpwall(cx: Ctx, _: &Object) -> PyResult {
    USERS.all(cx)
}
fn getpwnam(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    USERS.named(cx, name)
}
fn getpwuid(cx: Ctx, _: &Object, id: &Ref) -> PyResult {
    USERS.numbered(cx, id)
}
fn getgrall(cx: Ctx, _: &Object) -> PyResult {
    GROUPS.all(cx)
}
fn getgrnam(cx: Ctx, _: &Object, name: &Ref) -> PyResult {
    GROUPS.named(cx, name)
}
fn getgrgid(cx: Ctx, _: &Object, id: &Ref) -> PyResult {
    GROUPS.numbered(cx, id)
}

fn pwd_exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "struct_passwd", PASSWD.make_structseq(cx, 7)?.to_object())
}

fn grp_exec(cx: Ctx, module: &ModuleObject) -> PyResult<()> {
    module.add(cx, "struct_group", GROUP.make_structseq(cx, 4)?.to_object())
}

pub static PWD: ModuleSpec = ModuleSpec {
    name: "pwd",
    doc: Some("This module provides access to the Unix password database."),
    functions: &[
        MethodDef::no_args(
            "getpwall",
            getpwall,
            "getpwall($module, /)\n--\n\nReturn a list of all available password database entries, in arbitrary order.",
        ),
        MethodDef::one(
            "getpwnam",
            getpwnam,
            "getpwnam($module, name, /)\n--\n\nReturn the password database entry for the given user name.",
        ),
        MethodDef::one(
            "getpwuid",
            getpwuid,
            "getpwuid($module, uidobj, /)\n--\n\nReturn the password database entry for the given numeric user ID.",
        ),
    ],
    exec: Some(pwd_exec),
};

pub static GRP: ModuleSpec = ModuleSpec {
    name: "grp",
    doc: Some("Access to the Unix group database."),
    functions: &[
        MethodDef::no_args(
            "getgrall",
            getgrall,
            "getgrall($module, /)\n--\n\nReturn a list of all available group entries, in arbitrary order.",
        ),
        MethodDef::one(
            "getgrnam",
            getgrnam,
            "getgrnam($module, name)\n--\n\nReturn the group database entry for the given group name.",
        ),
        MethodDef::one(
            "getgrgid",
            getgrgid,
            "getgrgid($module, id)\n--\n\nReturn the group database entry for the given numeric group ID.",
        ),
    ],
    exec: Some(grp_exec),
};
