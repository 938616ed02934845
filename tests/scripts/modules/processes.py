# subprocess and the status functions of os.
import os, subprocess
done = subprocess.run(["sh", "-c", "echo out; echo err >&2; exit 3"], capture_output=True, text=True)
print(done.returncode, repr(done.stdout), repr(done.stderr))
print(subprocess.run(["cat"], input=b"through", stdout=subprocess.PIPE).stdout)
print(subprocess.check_output("echo $WORD", shell=True, env={"WORD": "here"}))
with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
    print(child.communicate("one\ntwo\n"), child.returncode, child.args)
print(subprocess.run(["pwd"], cwd="/", stdout=subprocess.PIPE).stdout)
child = subprocess.Popen(["sleep", "10"])
print(child.poll())
child.kill()
print(child.wait())
for call in [lambda: subprocess.run(["/no/such/program"]), lambda: subprocess.run(["false"], check=True), lambda: subprocess.run(["ls"], cwd="/no/such/folder")]:
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
status = os.system("exit 5")
print(status, os.waitstatus_to_exitcode(status), os.WIFEXITED(status), os.WEXITSTATUS(status), os.WIFSIGNALED(9), os.WTERMSIG(9))
read, write = os.pipe()
subprocess.run(["sh", "-c", f"echo passed >&{write}"], pass_fds=[write])
os.close(write)
print(os.read(read, 20))
