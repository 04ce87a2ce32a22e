//! The command line. Everything is in the library.

fn main() -> std::process::ExitCode {
    // At least two workers: rendering can stall on a single one.
    let workers = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(lectern::server::cli::run()),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lectern: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
