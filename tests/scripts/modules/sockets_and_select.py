# Socket pairs, a local server, and waiting with select, poll and selectors.
import select, selectors, socket
a, b = socket.socketpair()
print(a.family.name, a.type.name, a.gettimeout(), select.select([b], [a], [], 0) == ([], [a], []))
a.sendall(b"ping")
print(select.select([b], [], [])[0] == [b], b.recv(2), b.recv(10, socket.MSG_PEEK), b.recv(10))
buffer = bytearray(4)
b.send(b"xyz")
print(a.recv_into(buffer), buffer)
a.setblocking(False)
for call in [lambda: a.recv(1), lambda: a.connect(5)]:
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
a.settimeout(0.01)
try:
    a.recv(1)
except TimeoutError as error:
    print("timeout", error)
poller = select.poll()
poller.register(b, select.POLLIN | select.POLLOUT)
print(poller.poll(0) == [(b.fileno(), select.POLLOUT)])
with selectors.DefaultSelector() as selector:
    selector.register(b, selectors.EVENT_READ, "data")
    a.send(b"!")
    print([(key.data, events) for key, events in selector.select(1)])
b.recv(1)
a.close()
print(b.recv(1), a.fileno(), a)
b.close()
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
peer, address = server.accept()
print(address == client.getsockname(), peer.getsockname() == server.getsockname())
with client, peer, server:
    client.sendall(b"line 1\nline 2\n")
    client.shutdown(socket.SHUT_WR)
    print(peer.makefile("rb").readlines())
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
udp.sendto(b"self", udp.getsockname())
print(udp.recvfrom(10)[0], udp.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_DGRAM)
udp.close()
print(socket.inet_aton("1.2.3.4"), socket.inet_ntoa(b"\x7f\0\0\1"), socket.htons(1), socket.ntohl(1), socket.inet_pton(socket.AF_INET6, "::1")[-1])
