"""A listener on loopback that counts who calls."""

import socket
import threading


class Canary:
    def __enter__(self) -> "Canary":
        self.visits = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(0.05)
        self.port = self.listener.getsockname()[1]
        self.is_open = True
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_open = False
        self.thread.join()
        self.listener.close()

    def _listen(self) -> None:
        while self.is_open:
            try:
                visitor, _ = self.listener.accept()
            except TimeoutError:
                continue
            self.visits += 1
            visitor.close()
