module consumer {
    requires dev.janus;
}
