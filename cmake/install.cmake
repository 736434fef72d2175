# What `cmake --install` puts where, beside the program itself (cli/CMakeLists.txt).
install(DIRECTORY harness/target/profiles DESTINATION ${CMAKE_INSTALL_DATADIR}/gauntlet)
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/gauntlet OPTIONAL)
install(FILES docs/gauntlet.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
