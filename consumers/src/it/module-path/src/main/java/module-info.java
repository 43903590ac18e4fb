module consumer {
    requires dev.janus;
    requires kotlinx.coroutines.core;
}
